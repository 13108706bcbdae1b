package io.fkvs.store;

/**
 * What came of a {@link Store#tryIncrement}: the new number, or why there is none.
 *
 * <p>Create one and hand it to the store as often as you like; nothing is allocated. It belongs to
 * the thread of its store and keeps what it says until it is handed to a store again.
 */
public final class IncrementResult {
  /** How an increment ended. */
  public enum Outcome {
    /** The number was added to and stored. */
    ADDED,
    /** The value is {@link ValueType#RAW} and stays as it is. */
    NOT_AN_INTEGER,
    /** The sum does not fit a {@code long}; the number stays as it is. */
    OVERFLOW
  }

  private Outcome outcome;
  private long number;

  /** Creates a result that says nothing yet. */
  public IncrementResult() {}

  /**
   * How the increment ended.
   *
   * @return the outcome, {@code null} before the first
   */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * The new number.
   *
   * @return the sum
   * @throws IllegalStateException if nothing was added
   */
  public long number() {
    if (outcome != Outcome.ADDED) {
      throw new IllegalStateException("nothing was added: outcome=" + outcome);
    }
    return number;
  }

  /**
   * For tables: says that the number was added to.
   *
   * @param number the sum
   */
  public void added(long number) {
    this.outcome = Outcome.ADDED;
    this.number = number;
  }

  /**
   * For tables: says that nothing was added.
   *
   * @param outcome why, not {@link Outcome#ADDED}
   */
  public void refused(Outcome outcome) {
    assert outcome != Outcome.ADDED;
    this.outcome = outcome;
  }
}
