package io.identitybridge;

import io.identitybridge.cli.Main;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The bridge as a Spring Boot application, and the program with its commands, of which {@code serve} starts it. */
@SpringBootApplication
@EnableScheduling
public class Bridge {
    public static void main(String[] args) {
        Main.main(args, settings -> SpringApplication.run(Bridge.class, settings));
    }
}
