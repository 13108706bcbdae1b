package io.fkvs.history;

import io.fkvs.history.Request.Get;
import java.util.Objects;

/**
 * A request, its answer, and when it was under way. Times are numbers of one clock that all clients
 * share: if one operation ended before another was called, its end is the smaller number. {@link
 * Recorder} counts; {@link System#nanoTime} does as well.
 *
 * @param client the connection; those of one client take effect in the order of their calls
 * @param request what was asked
 * @param answer what was told
 * @param call a moment before the request was sent
 * @param end a moment after the answer was read, {@link #NEVER} where it is unknown
 */
public record Operation(int client, Request request, Answer answer, long call, long end) {
  /** The end of an operation whose answer is unknown. */
  public static final long NEVER = Long.MAX_VALUE;

  /**
   * Creates an operation.
   *
   * @throws IllegalArgumentException if it ends before its call, or the answer is unknown and the
   *     end is not {@link #NEVER}, or the other way round
   */
  public Operation {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(answer, "answer");
    if (end < call) {
      throw new IllegalArgumentException("end before the call: call=" + call + ", end=" + end);
    }
    if ((answer == Answer.UNKNOWN) != (end == NEVER)) {
      throw new IllegalArgumentException(
          "what is unknown never ends: answer=" + answer + ", end=" + end);
    }
  }

  /**
   * Creates an operation whose answer is unknown.
   *
   * @param client the connection
   * @param request what was asked
   * @param call a moment before the request was sent
   * @return the operation
   */
  public static Operation unknown(int client, Request request, long call) {
    return new Operation(client, request, Answer.UNKNOWN, call, NEVER);
  }

  /** {@return whether the answer is unknown} */
  public boolean isUnknown() {
    return answer == Answer.UNKNOWN;
  }

  /** Says whether the key holds the same before and after, whenever the answer is right. */
  boolean isRead() {
    return request instanceof Get || answer == Answer.REFUSED;
  }

  /** Says whether it is right whatever the key held, and leaves nothing of that. */
  boolean isBlind() {
    return switch (request) {
      case Request.Set _, Request.Delete _ -> true;
      case Request.GetAndDelete _ -> isUnknown();
      case Request.Get _, Request.Increment _ -> false;
    };
  }

  /** The same with nothing known of its answer. */
  Operation forgotten() {
    return unknown(client, request, call);
  }
}
