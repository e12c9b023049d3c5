package io.identitybridge.flow;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.springframework.stereotype.Component;

/** SCIM requests go through it; while routes are changed it is closed, and whoever comes waits for a moment: Camel would say 404 where a route is missing. */
@Component
class Gate {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** Goes in and must {@link #leave}; false where the gate stayed closed for too long. */
    boolean enter(long seconds) {
        try {
            return lock.readLock().tryLock(seconds, TimeUnit.SECONDS); // the form without a time would go past who waits to close it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        lock.readLock().unlock();
    }

    /** Does the work once everybody has left, if that comes within this time; nobody goes in meanwhile. */
    void closed(long seconds, Runnable work) {
        try {
            if (lock.writeLock().tryLock(seconds, TimeUnit.SECONDS)) {
                try {
                    work.run();
                } finally {
                    lock.writeLock().unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
