package io.identitybridge;

import io.identitybridge.cli.Main;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The bridge as a Spring Boot application, and the program with its commands, of which {@code serve} starts it.
 * Without Boot's own error page: what is left unanswered is answered by {@code admin}, in the form of each listener's clients.
 */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
@EnableScheduling
public class Bridge {
    public static void main(String[] args) {
        Main.main(args, settings -> SpringApplication.run(Bridge.class, settings));
    }
}
