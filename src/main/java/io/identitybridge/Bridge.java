package io.identitybridge;

import io.identitybridge.cli.Main;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.task.ThreadPoolTaskSchedulerBuilder;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The bridge as a Spring Boot application, and the program with its commands, of which {@code serve} starts it.
 * Without Boot's own error page: what is left unanswered is answered by {@code admin}, in the form of each listener's clients.
 */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
@EnableScheduling
public class Bridge {
    private static final int MOST_BY_THE_CLOCK = 16;

    public static void main(String[] args) {
        Main.main(args, settings -> SpringApplication.run(Bridge.class, settings));
    }

    /** Does what is done by the clock, each in a thread of its own: Spring's on virtual threads has one for all, and a look at everybody would hold up an edit that takes it back. */
    @Bean
    static ThreadPoolTaskScheduler clock(ThreadPoolTaskSchedulerBuilder builder) {
        return builder.poolSize(MOST_BY_THE_CLOCK).threadNamePrefix("clock-").build();
    }
}
