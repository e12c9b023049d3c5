package io.identitybridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** The calls that the bridge makes for people who come into workspaces, by the same HTTP client over as many kept connections, and nothing around them. Prints calls a second, and seconds of CPU a call. */
final class PublishLoop {
    private PublishLoop() {
    }

    /** @param arguments Portkey's address, its key, a file with a workspace and a user a line, connections, and how many calls only warm up */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> all = Files.readAllLines(Path.of(arguments[2]));
        int connections = Integer.parseInt(arguments[3]);
        int warm = Integer.parseInt(arguments[4]);
        try (CloseableHttpClient client = HttpClients.custom().setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setMaxConnPerRoute(connections).setMaxConnTotal(connections).build())
                .disableAutomaticRetries().disableCookieManagement().disableAuthCaching().disableRedirectHandling().build()) {
            run(client, arguments[0], arguments[1], all.subList(0, warm), connections);
            double cpu = CpuTime.of(ProcessHandle.current().pid());
            long begin = System.nanoTime();
            run(client, arguments[0], arguments[1], all.subList(warm, all.size()), connections);
            System.out.println((all.size() - warm) / ((System.nanoTime() - begin) / 1e9) + " " + (CpuTime.of(ProcessHandle.current().pid()) - cpu) / (all.size() - warm));
        }
    }

    private static void run(CloseableHttpClient client, String portkey, String key, List<String> all, int connections) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (int t = 0; t < connections; t++) {
                threads.submit(() -> {
                    for (int i = next.getAndIncrement(); i < all.size(); i = next.getAndIncrement()) {
                        String[] row = all.get(i).split(" ");
                        HttpPost post = new HttpPost(portkey + "/admin/workspaces/" + row[0] + "/users");
                        post.setHeader("x-portkey-api-key", key);
                        post.setEntity(new StringEntity("{\"users\":[{\"id\":\"" + row[1] + "\",\"role\":\"member\"}]}", ContentType.APPLICATION_JSON));
                        failed.addAndGet(client.execute(post, answer -> {
                            EntityUtils.consume(answer.getEntity());
                            return answer.getCode();
                        }) == 200 ? 0 : 1);
                    }
                    return null;
                });
            }
        }
        if (failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " calls failed");
        }
    }
}
