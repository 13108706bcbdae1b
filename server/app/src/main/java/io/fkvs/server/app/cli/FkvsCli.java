package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsConnectionException;
import io.fkvs.client.Protocol;
import io.fkvs.server.app.security.SecretFile;
import io.fkvs.server.app.security.TlsFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
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
    exitCodeOnInvalidInput = FkvsCli.WRONG_OPTIONS,
    description = {
      "Talks to an fkvs server: runs one command and ends; or, without a command, opens a prompt;"
          + " or, where standard input is no terminal, runs a command a line."
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:it worked",
      "1:an error reply, to any of the commands",
      "2:no connection, or a server that does not answer",
      "64:wrong options"
    })
public final class FkvsCli implements Callable<Integer> {
  private static final int ERROR_REPLY = 1;
  private static final int NO_CONNECTION = 2;

  /** EX_USAGE of sysexits.h. */
  static final int WRONG_OPTIONS = 64;

  /** Longer than a healthy server ever takes, and short enough to wait for at a prompt. */
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** The variable of the environment that holds the server's password. */
  private static final String PASSWORD_VARIABLE = "FKVS_PASSWORD";

  private static final String HISTORY_FILE = ".fkvs_history";

  /** What Java puts in the place of bytes that are no text. */
  private static final char REPLACEMENT = '\uFFFD';

  private final InputStream in;
  private final OutputStream out;
  private final PrintStream errors;

  /** What to say to the server first, {@code null} for nothing. */
  private byte[] password;

  /** What encrypts the connection, {@code null} for a plain one. */
  private SSLContext tls;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      description = "the server's host (${DEFAULT-VALUE})")
  private String host = "127.0.0.1";

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "the server's port (${DEFAULT-VALUE})")
  private int port = FkvsClient.DEFAULT_PORT;

  @Option(
      names = {"-u", "--unix-socket"},
      paramLabel = "SOCKET",
      description = "the server's Unix socket, in place of host and port")
  private Path socket;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      converter = Seconds.class,
      description = "how long to wait for a connection, and then without a sign of the server (10)")
  private Duration timeout = DEFAULT_TIMEOUT;

  @Option(
      names = "--protocol",
      paramLabel = "classic|compact",
      description =
          "what to speak (classic, with a password compact); compact gives reasons for errors, and"
              + " has SCAN")
  private Protocol protocol;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "holds the server's password; or set the variable " + PASSWORD_VARIABLE)
  private Path passwordFile;

  @Option(names = "--ask-password", description = "ask for the server's password on the terminal")
  private boolean isPasswordAsked;

  @Option(names = "--tls", description = "encrypt the connection")
  private boolean isEncrypted;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "certificates of those who vouch for the server (those that Java trusts)")
  private Path authorities;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "the client's certificate, where the server demands one")
  private Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "the certificate's private key")
  private Path key;

  @Option(names = "--raw", description = "print replies as they are: no type, no quotes")
  private boolean isRaw;

  @Option(
      names = {"-e", "--escapes"},
      description = "read \\n, \\t, \\xNN, \\uNNNN, ... in ARG; lines and the prompt always do")
  private boolean hasEscapes;

  @Option(names = "--help", usageHelp = true, description = "print this")
  private boolean isHelpAsked;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND ARG",
      description = "a command; \"fkvs-cli help\" lists them")
  private List<String> words = new ArrayList<>();

  private FkvsCli(InputStream in, OutputStream out, PrintStream errors) {
    this.in = in;
    this.out = out;
    this.errors = errors;
  }

  /**
   * Runs the client and ends the program with its exit status.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    System.exit(run(System.getenv(PASSWORD_VARIABLE), System.in, out, System.err, args));
  }

  /** Runs the client, without a password in its environment, and answers its exit status. */
  static int run(InputStream in, OutputStream out, PrintStream errors, String... args) {
    return run(null, in, out, errors, args);
  }

  /**
   * Runs the client and answers its exit status.
   *
   * @param variable the password of the environment, {@code null} where there is none
   */
  static int run(
      String variable, InputStream in, OutputStream out, PrintStream errors, String... args) {
    FkvsCli cli = new FkvsCli(in, out, errors);
    cli.password = variable == null ? null : variable.getBytes(UTF_8);
    // Without options there is nothing to parse, and the start takes half the time.
    if (args.length > 0 && !args[0].startsWith("-")) {
      cli.words = List.of(args);
      return cli.call();
    }
    return new CommandLine(cli)
        .setStopAtPositional(true)
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(errors, true))
        .execute(args);
  }

  @Override
  public Integer call() {
    checkOptions();
    ReplyFormat format = isRaw ? ReplyFormat.RAW : ReplyFormat.READABLE;
    try (Session session = new Session(this::connect, format, out)) {
      return run(session) ? 0 : ERROR_REPLY;
    } catch (FkvsConnectionException e) {
      errors.println("fkvs-cli: " + e.getMessage());
      return NO_CONNECTION;
    } catch (IOException e) {
      errors.println("fkvs-cli: cannot read or write: reason=" + e.getMessage());
      return ERROR_REPLY;
    }
  }

  private void checkOptions() {
    if (port < 0 || port > 65_535) {
      throw wrong("no such port: port=" + port);
    }
    readPassword();
    readCertificates();
    if (password != null && protocol == Protocol.CLASSIC) {
      throw wrong("classic cannot say a password: leave --protocol out");
    }
  }

  private void readPassword() {
    if (passwordFile != null) {
      try {
        password = SecretFile.password(passwordFile);
      } catch (IllegalArgumentException e) {
        throw wrong(e.getMessage());
      }
    } else if (isPasswordAsked) {
      Console console = System.console();
      if (console == null || !console.isTerminal()) {
        throw wrong("there is no terminal to ask for the password: use --password-file");
      }
      char[] typed = console.readPassword("Password: ");
      password = typed == null ? null : new String(typed).getBytes(UTF_8);
    }
  }

  private void readCertificates() {
    boolean hasFiles = authorities != null || certificate != null || key != null;
    if (!isEncrypted && hasFiles) {
      throw wrong("certificates are for --tls");
    }
    if (isEncrypted && socket != null) {
      throw wrong("a Unix socket is not encrypted: leave --tls out");
    }
    if (isEncrypted) {
      try {
        tls = TlsFiles.context(certificate, key, authorities);
      } catch (IllegalArgumentException e) {
        throw wrong(e.getMessage());
      }
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private boolean run(Session session) throws IOException {
    if (!words.isEmpty()) {
      return runOnce(session);
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return new LineRunner(session, new BufferedInputStream(in), errors).run();
    }
    try (Terminal terminal = terminal()) {
      Path history = Path.of(System.getProperty("user.home"), HISTORY_FILE);
      new Prompt(session, terminal, server(), history).run();
      return true;
    }
  }

  /**
   * Does not ask the terminal what it can do: the answer may never come, or swallow what is typed.
   */
  private static Terminal terminal() throws IOException {
    return TerminalBuilder.builder().system(true).graphemeCluster(false).build();
  }

  private boolean runOnce(Session session) throws IOException {
    try {
      List<byte[]> bytes = new ArrayList<>();
      for (String word : words) {
        bytes.add(bytes(word));
      }
      String failure = Session.isQuit(bytes) ? null : session.run(bytes);
      if (failure != null) {
        errors.println("(error) " + failure);
      }
      return failure == null;
    } catch (CommandSyntaxException e) {
      errors.println("(error) " + e.getMessage());
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
    Protocol spoken = password == null ? Protocol.CLASSIC : Protocol.COMPACT;
    ClientConfig config =
        ClientConfig.defaults()
            .withConnectTimeout(timeout)
            .withReadTimeout(timeout)
            .withProtocol(protocol == null ? spoken : protocol);
    if (password != null) {
      config = config.withPassword(password);
    }
    if (tls != null) {
      config = config.withTls(tls);
    }
    return socket == null
        ? FkvsClient.connect(host, port, config)
        : FkvsClient.connect(UnixDomainSocketAddress.of(socket), config);
  }

  private String server() {
    return socket == null ? host + ":" + port : socket.toString();
  }
}
