package io.identitybridge;

import io.identitybridge.check.Check;
import io.identitybridge.files.FileCheck;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The bridge as a Spring Boot application. */
@SpringBootApplication
@EnableScheduling
public class Bridge {
    public static void main(String[] args) {
        SpringApplication.run(Bridge.class, args);
    }

    /** Nothing becomes active that has not passed its own tests. */
    @Bean
    FileCheck fileCheck() {
        return new Check();
    }
}
