package io.identitybridge;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The bridge as a Spring Boot application. */
@SpringBootApplication
@EnableScheduling
public class Bridge {
    public static void main(String[] args) {
        SpringApplication.run(Bridge.class, args);
    }
}
