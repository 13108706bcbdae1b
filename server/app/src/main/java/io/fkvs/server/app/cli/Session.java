package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsConnectionException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Runs commands and prints their answers; tells the caller what failed. Connects when a command
 * first needs it, and again when the server has closed the connection since. A command is never
 * sent twice: where the connection breaks under way nobody knows whether the server did it.
 */
final class Session implements AutoCloseable {
  private static final String QUIT = "QUIT";
  private static final String EXIT = "EXIT";

  private final Supplier<FkvsClient> connector;
  private final ReplyFormat format;
  private final OutputStream out;
  private FkvsClient client;

  /**
   * Creates a session that has no connection yet.
   *
   * @param connector connects
   * @param format how answers are printed
   * @param out where to; flushed after each
   */
  Session(Supplier<FkvsClient> connector, ReplyFormat format, OutputStream out) {
    this.connector = connector;
    this.format = format;
    this.out = out;
  }

  /** Whether these words ask to leave. */
  static boolean isQuit(List<byte[]> words) {
    String first = words.isEmpty() ? "" : name(words).toUpperCase(Locale.ROOT);
    return first.equals(QUIT) || first.equals(EXIT);
  }

  /**
   * Runs a command and prints its answer, if it has one.
   *
   * @param words its name and its arguments
   * @return why it failed, for the caller to tell, or {@code null}
   * @throws FkvsConnectionException if there is no connection, or it broke; the next call connects
   */
  String run(List<byte[]> words) throws IOException {
    return switch (reply(words)) {
      case CliReply.Failure(String reason) -> reason;
      case CliReply.Answer answer -> {
        out.write(format.print(answer));
        out.flush();
        yield null;
      }
    };
  }

  private CliReply reply(List<byte[]> words) {
    List<byte[]> arguments = words.subList(1, words.size());
    try {
      return name(words).equalsIgnoreCase(Help.NAME)
          ? new CliReply.Text(Help.text(arguments))
          : CliCommand.named(name(words)).run(this::client, arguments);
    } catch (CommandSyntaxException e) {
      return new CliReply.Failure(e.getMessage());
    } catch (FkvsConnectionException e) {
      close();
      throw e;
    }
  }

  private static String name(List<byte[]> words) {
    return new String(words.get(0), UTF_8);
  }

  private FkvsClient client() {
    if (client != null && !client.isConnected()) {
      close();
    }
    if (client == null) {
      client = connector.get();
    }
    return client;
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
