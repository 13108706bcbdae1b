package io.fkvs.bench.table;

/**
 * The filled table that a benchmark leaves to the next one of the same JVM, so that a JVM that runs
 * several of them fills it once. It is forgotten with the JVM. One thread at a time.
 */
final class Kept {
  /** What a table must have in common with the one that is asked for. */
  record Content(String table, String shape, int size) {}

  private static Content content;
  private static Rival rival;

  private Kept() {}

  /** Keeps a table that holds the entries 0 to below the size, and nothing else. */
  static synchronized void leave(Content what, Rival filled) {
    drop();
    content = what;
    rival = filled;
  }

  /** Closes what was left. */
  static synchronized void clear() {
    drop();
    content = null;
    rival = null;
  }

  /** Gives away the table that was left if it is such a one; closes it and gives null if not. */
  static synchronized Rival take(Content wanted) {
    Rival taken = wanted.equals(content) ? rival : null;
    if (taken == null) {
      clear();
    }
    content = null;
    rival = null;
    return taken;
  }

  private static void drop() {
    if (rival != null) {
      rival.close();
    }
  }
}
