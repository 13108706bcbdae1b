package io.fkvs.load.dialect;

/**
 * What a dialect found in a reply that is not the expected success: a flyweight that {@link
 * Dialect#parse} fills. Belongs to one thread.
 */
public final class Reply {
  /** What a reply says. */
  public enum Kind {
    /** The key is not there. */
    MISS,
    /** A counter's new number. */
    NUMBER,
    /** The server refuses. */
    ERROR,
    /** Anything else that has the form of a reply. */
    OTHER
  }

  private Kind kind = Kind.OTHER;
  private long number;

  /** Creates an empty reply. */
  public Reply() {}

  /**
   * What the reply says.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The number in the reply.
   *
   * @return the number, meaningful where the kind is {@link Kind#NUMBER}
   */
  public long number() {
    return number;
  }

  Reply is(Kind kind) {
    this.kind = kind;
    return this;
  }

  Reply is(long number) {
    this.kind = Kind.NUMBER;
    this.number = number;
    return this;
  }
}
