package io.fkvs.history;

/** What a client asks of one key. Immutable. */
public sealed interface Request {
  /** {@return the key} */
  String key();

  /**
   * Reads a value.
   *
   * @param key the key
   */
  record Get(String key) implements Request {
    @Override
    public String toString() {
      return "GET " + key;
    }
  }

  /**
   * Stores a value.
   *
   * @param key the key
   * @param value the value
   */
  record Set(String key, String value) implements Request {
    @Override
    public String toString() {
      return "SET " + key + " " + Text.of(value);
    }
  }

  /**
   * Removes a key.
   *
   * @param key the key
   */
  record Delete(String key) implements Request {
    @Override
    public String toString() {
      return "DEL " + key;
    }
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to add, possibly negative
   */
  record Increment(String key, long amount) implements Request {
    @Override
    public String toString() {
      return "INCRBY " + key + " " + amount;
    }
  }

  /**
   * Reads a value and removes its key, in one step.
   *
   * @param key the key
   */
  record GetAndDelete(String key) implements Request {
    @Override
    public String toString() {
      return "GETDEL " + key;
    }
  }
}
