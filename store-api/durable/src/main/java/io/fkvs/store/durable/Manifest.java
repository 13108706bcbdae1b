package io.fkvs.store.durable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Which files make up a store.
 *
 * @param storeId the store's id
 * @param next the number of the next file
 * @param base where recovery starts, or null
 * @param logs the logs in ascending order; the last may be open
 */
record Manifest(long storeId, long next, Base base, List<LogFile> logs) {
  static final String NAME = "MANIFEST";
  static final String NEW_NAME = "MANIFEST.new";

  /** More than any store needs, so that a damaged file cannot take much memory. */
  static final int MAX_BYTES = 1 << 20;

  /** The length of a log that is still written to. */
  static final long OPEN = -1;

  private static final Pattern BASE = Pattern.compile("base (\\d{1,18}) (\\d{1,18}) (\\d{1,18})");
  private static final Pattern LOG = Pattern.compile("log (\\d{1,18}) (\\d{1,18}|open)");
  private static final Pattern STORE = Pattern.compile("store ([0-9a-f]{16})");
  private static final Pattern NEXT = Pattern.compile("next (\\d{1,18})");

  /**
   * A base.
   *
   * @param number its number
   * @param length its length in bytes
   * @param firstSequence the first frame to be replayed behind it
   */
  record Base(long number, long length, long firstSequence) {
    String fileName() {
      return FileHeader.Kind.BASE.fileName(number);
    }
  }

  /**
   * A log.
   *
   * @param number its number
   * @param length its length in bytes, or {@link #OPEN}
   */
  record LogFile(long number, long length) {
    boolean isOpen() {
      return length == OPEN;
    }

    String fileName() {
      return FileHeader.Kind.LOG.fileName(number);
    }
  }

  Manifest {
    logs = List.copyOf(logs);
  }

  boolean names(String file) {
    return base != null && base.fileName().equals(file)
        || logs.stream().anyMatch(log -> log.fileName().equals(file));
  }

  /** The same with the last log finished at a length, or gone where it holds nothing. */
  Manifest withLastLogFinished(long length) {
    List<LogFile> finished = new ArrayList<>(logs.subList(0, logs.size() - 1));
    if (length > FileHeader.BYTES) {
      finished.add(new LogFile(logs.getLast().number(), length));
    }
    return new Manifest(storeId, next, base, finished);
  }

  /** The same with a new log, which is open. */
  Manifest withLog(long number) {
    List<LogFile> more = new ArrayList<>(logs);
    more.add(new LogFile(number, OPEN));
    return new Manifest(storeId, Math.max(next, number + 1), base, more);
  }

  /** The same with a base, without the logs that it makes superfluous. */
  Manifest withBase(Base newBase) {
    List<LogFile> left = logs.stream().filter(log -> log.number() >= newBase.number()).toList();
    return new Manifest(storeId, next, newBase, left);
  }

  // ---- text

  String encode() {
    StringBuilder text = new StringBuilder();
    text.append("fkvs-durable ").append(FileHeader.VERSION).append('\n');
    text.append("store ").append(hex(storeId, 16)).append('\n');
    text.append("next ").append(next).append('\n');
    if (base != null) {
      text.append("base ").append(base.number()).append(' ').append(base.length());
      text.append(' ').append(base.firstSequence()).append('\n');
    }
    for (LogFile log : logs) {
      text.append("log ").append(log.number()).append(' ');
      text.append(log.isOpen() ? "open" : Long.toString(log.length())).append('\n');
    }
    String checksum = hex(crc(text.toString()), 8);
    return text.append("crc32c ").append(checksum).append('\n').toString();
  }

  private static String hex(long number, int digits) {
    String all = Long.toHexString(number);
    return "0".repeat(digits - all.length()) + all;
  }

  private static long crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return crc.getValue();
  }

  /** Reads a manifest, or throws where a byte of it is not as it was written. */
  static Manifest decode(String text) {
    int last = text.lastIndexOf("crc32c ");
    String content = last < 0 ? "" : text.substring(0, last);
    if (last < 0 || !text.substring(last).equals("crc32c " + hex(crc(content), 8) + "\n")) {
      throw new CorruptException("manifest is damaged", NAME, Math.max(0, last));
    }
    if (!content.startsWith("fkvs-durable " + FileHeader.VERSION + "\n")) {
      throw new DurableException(
          "format is of another version: file=MANIFEST, begins="
              + content.lines().findFirst().orElse(""),
          null);
    }
    return new Parser(content).parse();
  }

  /** Reads the lines, which are as somebody wrote them, since the checksum is right. */
  private static final class Parser {
    private final String content;
    private int offset;

    Parser(String content) {
      this.content = content;
    }

    Manifest parse() {
      next();
      long storeId = Long.parseUnsignedLong(matching(STORE).group(1), 16);
      long next = Long.parseLong(matching(NEXT).group(1));
      Base base = null;
      List<LogFile> logs = new ArrayList<>();
      while (offset < content.length()) {
        int start = offset;
        String line = next();
        Matcher asBase = BASE.matcher(line);
        Matcher asLog = LOG.matcher(line);
        if (asBase.matches() && base == null && logs.isEmpty()) {
          base = new Base(number(asBase, 1), number(asBase, 2), number(asBase, 3));
        } else if (asLog.matches() && (logs.isEmpty() || !logs.getLast().isOpen())) {
          boolean isOpen = asLog.group(2).equals("open");
          logs.add(new LogFile(number(asLog, 1), isOpen ? OPEN : number(asLog, 2)));
        } else {
          throw new CorruptException("manifest has a wrong line", NAME, start);
        }
      }
      return new Manifest(storeId, next, base, logs);
    }

    private Matcher matching(Pattern pattern) {
      int start = offset;
      Matcher matcher = pattern.matcher(next());
      if (!matcher.matches()) {
        throw new CorruptException("manifest has a wrong line", NAME, start);
      }
      return matcher;
    }

    private String next() {
      int end = content.indexOf('\n', offset);
      String line = content.substring(offset, end < 0 ? content.length() : end);
      offset += line.length() + 1;
      return line;
    }

    private static long number(Matcher matcher, int group) {
      return Long.parseLong(matcher.group(group));
    }
  }
}
