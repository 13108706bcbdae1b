package io.fkvs.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsConnectionException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line client: one command, or commands from standard input, or a prompt. */
@Command(
    name = "fkvs-cli",
    sortOptions = false,
    description = {
      "Talks to an fkvs server: runs one command and ends; or, without a command, opens a prompt;"
          + " or, where standard input is no terminal, runs a command a line."
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:it worked",
      "1:an error reply, to any of the commands",
      "2:no connection",
      "64:wrong options"
    })
public final class FkvsCli implements Callable<Integer> {
  private static final int ERROR_REPLY = 1;
  private static final int NO_CONNECTION = 2;

  /** EX_USAGE of sysexits.h. */
  private static final int WRONG_OPTIONS = 64;

  private static final String HISTORY_FILE = ".fkvs_history";

  /** What Java puts in the place of bytes that are no text. */
  private static final char REPLACEMENT = '\uFFFD';

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "the server's host (${DEFAULT-VALUE})")
  private String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "" + FkvsClient.DEFAULT_PORT,
      description = "the server's port (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = {"-u", "--unix-socket"},
      paramLabel = "SOCKET",
      description = "the server's Unix socket, in place of host and port")
  private Path socket;

  @Option(names = "--raw", description = "print replies as they are: no type, no quotes")
  private boolean isRaw;

  @Option(
      names = {"-e", "--escapes"},
      description = "read \\n, \\t, \\xNN, ... in ARG; lines and the prompt always do")
  private boolean hasEscapes;

  @Option(names = "--help", usageHelp = true, description = "print this")
  private boolean isHelpAsked;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND ARG",
      description = "a command; \"fkvs-cli help\" lists them")
  private List<String> words = new ArrayList<>();

  /** For picocli. */
  FkvsCli() {}

  /**
   * Runs the client and ends the program with its exit status.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new FkvsCli())
            .setStopAtPositional(true)
            .setExpandAtFiles(false)
            .execute(args));
  }

  @Override
  public Integer call() throws IOException {
    checkOptions();
    OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    ReplyFormat format = isRaw ? ReplyFormat.RAW : ReplyFormat.READABLE;
    try (Session session = new Session(this::connect, format, out)) {
      return run(session) ? 0 : ERROR_REPLY;
    } catch (FkvsConnectionException e) {
      System.err.println("fkvs-cli: " + e.getMessage());
      return NO_CONNECTION;
    }
  }

  private void checkOptions() {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(spec.commandLine(), "no such port: port=" + port);
    }
  }

  private boolean run(Session session) throws IOException {
    if (!words.isEmpty()) {
      return runOnce(session);
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return new LineRunner(session, new BufferedInputStream(System.in), System.err).run();
    }
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      Path history = Path.of(System.getProperty("user.home"), HISTORY_FILE);
      new Prompt(session, terminal, server(), history).run();
      return true;
    }
  }

  private boolean runOnce(Session session) throws IOException {
    try {
      List<byte[]> bytes = new ArrayList<>();
      for (String word : words) {
        bytes.add(bytes(word));
      }
      return Session.isQuit(bytes) || session.run(bytes) == null;
    } catch (CommandSyntaxException e) {
      session.refuse(e);
      return false;
    }
  }

  private byte[] bytes(String word) throws CommandSyntaxException {
    if (word.indexOf(REPLACEMENT) >= 0) {
      throw new CommandSyntaxException(
          "argument is not valid UTF-8; type its bytes as \\xNN with --escapes");
    }
    byte[] bytes = word.getBytes(UTF_8);
    return hasEscapes ? CommandLineParser.unescape(bytes) : bytes;
  }

  private FkvsClient connect() {
    return socket == null
        ? FkvsClient.connect(host, port)
        : FkvsClient.connect(UnixDomainSocketAddress.of(socket));
  }

  private String server() {
    return socket == null ? host + ":" + port : socket.toString();
  }
}
