package io.identitybridge.admin;

import io.identitybridge.model.Controls;
import io.identitybridge.model.FileFaults;
import io.identitybridge.store.BadQuery;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Every error of the API as a problem (RFC 9457); what nobody foresaw is 500 with a number that the log has, too. */
@RestControllerAdvice
class Faults extends ResponseEntityExceptionHandler {
    private static final int LONGEST = 80;
    private static final Logger LOG = LoggerFactory.getLogger("admin");

    @ExceptionHandler
    ProblemDetail badQuery(BadQuery e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail refused(Controls.Refused e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail forbidden(Operator.Forbidden e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail faultyFiles(FileFaults e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_ENTITY, "the files have faults; what ran before goes on");
        problem.setProperty("faults", e.faults());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail unforeseen(Exception e) {
        UUID number = UUID.randomUUID();
        LOG.error("error {} of the admin API", number, e);
        return ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, "the bridge failed; its log says why, under error " + number);
    }

    /** A part of the address that is no number or id. */
    @Override
    protected ResponseEntity<Object> handleTypeMismatch(TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String written = String.valueOf(e.getValue());
        String shown = written.length() > LONGEST ? written.substring(0, LONGEST) + "..." : written;
        String why = "'" + shown + "' is no " + (e.getRequiredType() == UUID.class ? "id: one has 32 hexadecimal digits in five groups, as the list shows it" : "number");
        return handleExceptionInternal(e, ProblemDetail.forStatusAndDetail(status, why), headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String why = e.getCause() instanceof UnrecognizedPropertyException unknown
                ? "unknown field '" + unknown.getPropertyName() + "'; this request takes " + unknown.getKnownPropertyIds()
                : "the body is not the JSON object that this request takes";
        return handleExceptionInternal(e, ProblemDetail.forStatusAndDetail(status, why), headers, status, request);
    }
}
