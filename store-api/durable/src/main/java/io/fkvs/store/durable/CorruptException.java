package io.fkvs.store.durable;

/** A file holds what nobody wrote there, or lacks what was synced. Nothing was changed. */
public final class CorruptException extends DurableException {
  private static final long serialVersionUID = 1L;

  /** The file. */
  private final String file;

  /** Where. */
  private final long offset;

  /**
   * Creates the exception.
   *
   * @param fact what is wrong
   * @param file the name of the file
   * @param offset where, in bytes from its start
   */
  public CorruptException(String fact, String file, long offset) {
    super(fact + ": file=" + file + ", offset=" + offset, null);
    this.file = file;
    this.offset = offset;
  }

  /**
   * The damaged file.
   *
   * @return its name in the directory
   */
  public String file() {
    return file;
  }

  /**
   * Where the first damage is.
   *
   * @return bytes from the start of the file
   */
  public long offset() {
    return offset;
  }
}
