package io.identitybridge;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The bridge as a Spring Boot application. */
@SpringBootApplication
public class Bridge {
    public static void main(String[] args) {
        SpringApplication.run(Bridge.class, args);
    }
}
