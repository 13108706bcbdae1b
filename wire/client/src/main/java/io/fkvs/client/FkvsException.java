package io.fkvs.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.wire.Command;
import io.fkvs.wire.ErrorCode;
import io.fkvs.wire.Reply;
import java.util.Optional;

/**
 * What the server refuses to do. The message names the command. Classic gives no reason; compact
 * gives a {@link #code()} and, in the message, the server's own words.
 */
public class FkvsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code null} where there is none. */
  private final ErrorCode code;

  /** {@code null} where there is none. */
  private final String reason;

  /**
   * Creates an exception.
   *
   * @param message what was refused
   */
  public FkvsException(String message) {
    super(message);
    code = null;
    reason = null;
  }

  FkvsException(String message, Throwable cause) {
    super(message, cause);
    code = null;
    reason = null;
  }

  private FkvsException(String message, ErrorCode code, String reason) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  static FkvsException of(Command command, Reply reply) {
    String message = "server refused the request: command=" + command;
    if (reply.errorCode() == 0) {
      return new FkvsException(message);
    }
    ErrorCode code = ErrorCode.ofCode(reply.errorCode());
    String reason = new String(reply.payload(), UTF_8);
    String name = code == null ? Long.toString(reply.errorCode()) : code.name();
    return new FkvsException(message + ", code=" + name + ", reason=" + reason, code, reason);
  }

  /**
   * Why the server refused.
   *
   * @return the code; nothing in classic, and where this version does not know it
   */
  public Optional<ErrorCode> code() {
    return Optional.ofNullable(code);
  }

  /**
   * What the server says about it, for a person.
   *
   * @return the text; nothing in classic
   */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }
}
