package io.identitybridge.publish;

/** What stands behind the membership store. */
public interface Target {
    /** Makes every key that may differ equal; gives how many it looked at. */
    int converge();

    /** The store is Portkey's membership itself: nothing is sent anywhere, and no outbox is written. */
    Target STORE = () -> 0;
}
