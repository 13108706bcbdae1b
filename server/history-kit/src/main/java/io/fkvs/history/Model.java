package io.fkvs.history;

import io.fkvs.history.Answer.Content;
import io.fkvs.history.Answer.Sum;
import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.GetAndDelete;
import io.fkvs.history.Request.Increment;
import io.fkvs.history.Request.Set;

/**
 * The specification: what a key holds and answers when requests come one after another. A content
 * that is {@code null} is not known, and fits every answer.
 */
final class Model {
  /** The content of a key of which nothing is known yet. */
  static final Content ANY = null;

  private Model() {}

  /** Says whether the answer is right where the key holds this. */
  static boolean allows(Content before, Operation operation) {
    return before == ANY
        || operation.isUnknown()
        || operation.answer().equals(answer(before, operation.request()));
  }

  /** What the key holds after an operation whose answer is right. */
  static Content after(Content before, Operation operation) {
    return before == ANY ? told(operation) : after(before, operation.request());
  }

  private static Answer answer(Content before, Request request) {
    return switch (request) {
      case Get _, GetAndDelete _ -> before;
      case Set _, Delete _ -> Answer.DONE;
      case Increment increment -> {
        Long sum = sum(before, increment.amount());
        yield sum == null ? Answer.REFUSED : new Sum(sum);
      }
    };
  }

  private static Content after(Content before, Request request) {
    return switch (request) {
      case Get _ -> before;
      case Set set -> new Content(set.value());
      case Delete _, GetAndDelete _ -> Content.ABSENT;
      case Increment increment -> {
        Long sum = sum(before, increment.amount());
        yield sum == null ? before : number(sum);
      }
    };
  }

  /** What is known of the key by the operation alone. */
  private static Content told(Operation operation) {
    return switch (operation.request()) {
      case Get _ -> operation.answer() instanceof Content content ? content : ANY;
      case Increment _ -> operation.answer() instanceof Sum sum ? number(sum.value()) : ANY;
      case Set _, Delete _, GetAndDelete _ -> after(Content.ABSENT, operation.request());
    };
  }

  private static Content number(long number) {
    return new Content(Long.toString(number));
  }

  /** The sum, {@code null} where the content is no number or the sum does not fit. */
  private static Long sum(Content before, long amount) {
    try {
      long number = before.value() == null ? 0 : Long.parseLong(before.value());
      return Math.addExact(number, amount);
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }
}
