package io.fkvs.history;

import io.fkvs.history.Answer.Content;
import java.util.List;

/**
 * What a check of the order over several keys found.
 *
 * @param writes how many versions were written and acknowledged
 * @param changes how often a client found another version than before; where there are few, those
 *     who write and those who read hardly met
 * @param faults what was out of order, in words, none where nothing was; the first few
 */
public record OrderReport(long writes, long changes, List<String> faults) {
  static final int MAX_FAULTS = 10;

  /** Creates a report. */
  public OrderReport {
    faults = faults.stream().limit(MAX_FAULTS).toList();
  }

  /** {@return whether nothing was out of order} */
  public boolean isInOrder() {
    return faults.isEmpty();
  }

  /** The version that an answer tells; what nobody wrote is older than all. */
  static long version(Answer answer) {
    try {
      return answer.equals(Content.ABSENT) ? 0 : Long.parseLong(((Content) answer).value());
    } catch (NumberFormatException e) {
      return Long.MIN_VALUE;
    }
  }
}
