package io.identitybridge.admin;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.autoconfigure.ssl.SslProperties;

/**
 * Takes a certificate only with the key that belongs to it, at a start and when its files change. Spring looks only where {@code verify-keys} is set; without,
 * a certificate that was replaced before its key, or with another's, would be served, and nobody could connect. What {@link LivingBundles} refuses stays out, too.
 */
final class WholeBundles implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof SslProperties ssl) {
            ssl.getBundle().getPem().values().stream().map(PemSslBundleProperties::getKeystore).filter(store -> store.getCertificate() != null && store.getPrivateKey() != null).forEach(store -> store.setVerifyKeys(true));
        }
        return bean instanceof SslBundleRegistrar registrar ? (SslBundleRegistrar) registry -> registrar.registerBundles(new LivingBundles(registry)) : bean;
    }
}
