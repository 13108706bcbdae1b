package io.fkvs.server.resp;

import io.fkvs.store.Store;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What concerns the connection: PING, HELLO, AUTH, CLIENT and others. */
final class ConnectionCommands {
  /** What HELLO and INFO say, because clients decide by it what they may ask for. */
  static final String REDIS_VERSION = "7.2.4";

  /** The one user there is. */
  private static final String USER = "default";

  private static final String NO_PASSWORD =
      "ERR AUTH <password> called without any password configured for the default user. Are you"
          + " sure your configuration is correct?";
  private static final String WRONG_PASSWORD =
      "WRONGPASS invalid username-password pair or user is disabled.";
  private static final String HELLO_WITHOUT_PASSWORD =
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
          + " AUTH <user> <pass> option can be used to authenticate the client and select the RESP"
          + " protocol version at the same time";
  private static final String BAD_NAME =
      "ERR Client names cannot contain spaces, newlines or special characters.";

  /** The longest name of a client or its library: nobody needs more, and the heap holds it. */
  private static final int MOST_NAME_BYTES = 1024;

  private static final String LONG_NAME = "ERR name is too long: maxBytes=" + MOST_NAME_BYTES;

  private final RespEndpoint endpoint;
  private final Store store;

  ConnectionCommands(RespEndpoint endpoint) {
    this.endpoint = endpoint;
    store = endpoint.store();
  }

  void register(CommandTable table) {
    table.handle("ping", ConnectionCommands::ping);
    table.handle("echo", call -> bulk(call, 1));
    table.handle("quit", ConnectionCommands::quit);
    table.handle("reset", this::reset);
    table.handle("select", call -> !Databases.isOnlyOne(call, 1) || call.ok());
    table.handle("hello", this::hello);
    table.handle("auth", ConnectionCommands::authenticate);
    table.handle("readonly", call -> call.fail("ERR This instance has cluster support disabled"));
    table.handle("readwrite", call -> call.fail("ERR This instance has cluster support disabled"));
    table.handle("client|id", call -> call.integer(call.session.id));
    table.handle("client|getname", ConnectionCommands::name);
    table.handle("client|setname", ConnectionCommands::rename);
    table.handle("client|setinfo", ConnectionCommands::library);
    table.handle("client|info", this::tellOfSelf);
    table.handle("client|list", this::tellOfAll);
    table.handle("client|no-evict", ConnectionCommands::noEvict);
    table.handle("client|no-touch", ConnectionCommands::noTouch);
    table.handle("client|reply", ConnectionCommands::replies);
  }

  private static boolean bulk(Call call, int index) {
    if (!call.claim(call.length(index))) {
      return false;
    }
    call.reply.bulk(call.memory(), call.offset(index), call.length(index));
    return true;
  }

  private static boolean ping(Call call) {
    if (call.count() > 2) {
      return call.failArity();
    }
    if (call.count() == 2) {
      return bulk(call, 1);
    }
    call.reply.pong();
    return true;
  }

  private static boolean quit(Call call) {
    call.session.end();
    return call.ok();
  }

  private boolean reset(Call call) {
    call.session.reset();
    call.reply.version(false);
    call.reply.line('+', "RESET");
    return true;
  }

  // ---- who the client is

  private boolean hello(Call call) {
    int version = 0;
    if (call.count() > 1) {
      if (!call.readInteger(1) || call.integer != (int) call.integer) {
        return call.fail("ERR Protocol version is not an integer or out of range");
      }
      version = (int) call.integer;
      if (version < 2 || version > 3) {
        return call.fail("NOPROTO unsupported protocol version");
      }
    }
    int name = 0;
    for (int i = 2; i < call.count(); i++) {
      if (call.is(i, "auth") && i + 2 < call.count()) {
        if (!admits(call, i + 1, i + 2)) {
          return call.fail(WRONG_PASSWORD);
        }
        i += 2;
      } else if (call.is(i, "setname") && i + 1 < call.count()) {
        name = i + 1;
        if (!isName(call, name)) {
          return call.fail(isLong(call, name) ? LONG_NAME : BAD_NAME);
        }
        i++;
      } else {
        return call.fail("ERR Syntax error in HELLO option '" + call.cited(i) + "'");
      }
    }
    if (!call.session.authentication.isAuthenticated()) {
      return call.fail(HELLO_WITHOUT_PASSWORD);
    }
    if (name > 0) {
      call.session.name = call.text(name);
    }
    if (version != 0) {
      call.session.isResp3 = version == 3;
      call.reply.version(version == 3);
    }
    tellOfServer(call);
    return true;
  }

  private static void tellOfServer(Call call) {
    Reply reply = call.reply;
    reply.map(7);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(REDIS_VERSION);
    reply.bulk("proto");
    reply.integer(call.session.isResp3 ? 3 : 2);
    reply.bulk("id");
    reply.integer(call.session.id);
    reply.bulk("mode");
    reply.bulk("standalone");
    reply.bulk("role");
    reply.bulk("master");
    reply.bulk("modules");
    reply.array(0);
  }

  private static boolean authenticate(Call call) {
    if (call.count() > 3) {
      return call.fail(Errors.SYNTAX);
    }
    if (call.count() == 2 && !call.session.authentication.isRequired()) {
      return call.fail(NO_PASSWORD);
    }
    boolean isAdmitted = call.count() == 2 ? saysPassword(call, 1) : admits(call, 1, 2);
    return isAdmitted ? call.ok() : call.fail(WRONG_PASSWORD);
  }

  /** Lets a user in, of whom there is one. Without a password, whoever names him is let in. */
  private static boolean admits(Call call, int user, int password) {
    return call.text(user).equals(USER)
        && (!call.session.authentication.isRequired() || saysPassword(call, password));
  }

  private static boolean saysPassword(Call call, int index) {
    return call.session.authentication.authenticate(
        call.memory(), call.offset(index), call.length(index));
  }

  private static boolean isLong(Call call, int index) {
    return call.length(index) > MOST_NAME_BYTES;
  }

  private static boolean isName(Call call, int index) {
    return !isLong(call, index) && call.text(index).chars().allMatch(c -> c >= '!' && c <= '~');
  }

  private static boolean name(Call call) {
    if (call.session.name.isEmpty()) {
      call.reply.nil();
    } else {
      call.reply.bulk(call.session.name);
    }
    return true;
  }

  private static boolean rename(Call call) {
    if (!isName(call, 2)) {
      return call.fail(isLong(call, 2) ? LONG_NAME : BAD_NAME);
    }
    call.session.name = call.text(2);
    return call.ok();
  }

  private static boolean library(Call call) {
    String option = call.text(2).toLowerCase(Locale.ROOT);
    if (!List.of("lib-name", "lib-ver").contains(option)) {
      return call.fail("ERR Unrecognized option '" + call.cited(2) + "'");
    }
    if (isLong(call, 3)) {
      return call.fail(LONG_NAME);
    }
    if (!isName(call, 3)) {
      return call.fail("ERR " + option + " cannot contain spaces, newlines or special characters.");
    }
    if (option.equals("lib-name")) {
      call.session.libraryName = call.text(3);
    } else {
      call.session.libraryVersion = call.text(3);
    }
    return call.ok();
  }

  // ---- what is known of clients

  private boolean tellOfSelf(Call call) {
    call.reply.verbatim(line(call.session, call.session));
    return true;
  }

  private boolean tellOfAll(Call call) {
    boolean tellsNormal = true;
    long[] ids = null;
    if (call.count() > 2) {
      if (call.is(2, "type") && call.count() == 4) {
        if (!List.of("normal", "master", "replica", "slave", "pubsub")
            .contains(call.text(3).toLowerCase(Locale.ROOT))) {
          return call.fail("ERR Unknown client type '" + call.cited(3) + "'");
        }
        tellsNormal = call.is(3, "normal");
      } else if (call.is(2, "id") && call.count() > 3) {
        ids = new long[call.count() - 3];
        for (int i = 3; i < call.count(); i++) {
          if (!call.readInteger(i) || call.integer < 1) {
            return call.fail("ERR Invalid client ID");
          }
          ids[i - 3] = call.integer;
        }
      } else {
        return call.fail(Errors.SYNTAX);
      }
    }
    String text = tellsNormal ? lines(call.session, ids) : "";
    if (call.isTooLong(text.length())) {
      return true;
    }
    if (!call.claim(text.length())) {
      return false;
    }
    call.reply.verbatim(text);
    return true;
  }

  private String lines(RespSession asking, long[] ids) {
    StringBuilder text = new StringBuilder();
    for (RespEndpoint each : endpoint.all()) {
      for (RespSession session : each.sessions()) {
        if (ids == null || Arrays.stream(ids).anyMatch(id -> id == session.id)) {
          text.append(line(session, asking));
        }
      }
    }
    return text.toString();
  }

  private String line(RespSession session, RespSession asking) {
    Transaction transaction = session.transaction;
    long ageSeconds = store.nowMs() / 1000 - session.sinceSeconds;
    return "id="
        + session.id
        + " addr="
        + session.address()
        + " name="
        + session.name
        + " age="
        + ageSeconds
        + " flags="
        + (transaction.isOpen() ? "x" : session.hasNoEvict ? "e" : "N")
        + " db=0 sub=0 psub=0 multi="
        + (transaction.isOpen() ? transaction.count() : -1)
        + " watch="
        + transaction.watchCount()
        + " multi-mem="
        + transaction.heldBytes()
        + " cmd="
        + (session == asking ? "client|info" : session.lastCommand)
        + " user=default resp="
        + (session.isResp3 ? 3 : 2)
        + " lib-name="
        + session.libraryName
        + " lib-ver="
        + session.libraryVersion
        + "\n";
  }

  // ---- what the client wants

  private static boolean noEvict(Call call) {
    if (!isSwitch(call)) {
      return call.fail(Errors.SYNTAX);
    }
    call.session.hasNoEvict = call.is(2, "on");
    return call.ok();
  }

  private static boolean noTouch(Call call) {
    if (!isSwitch(call)) {
      return call.fail(Errors.SYNTAX);
    }
    call.session.hasNoTouch = call.is(2, "on");
    return call.ok();
  }

  private static boolean isSwitch(Call call) {
    return call.is(2, "on") || call.is(2, "off");
  }

  private static boolean replies(Call call) {
    if (call.is(2, "on")) {
      call.session.replies = RespSession.Replies.ON;
      return call.ok();
    }
    if (call.is(2, "off")) {
      call.session.replies = RespSession.Replies.OFF;
    } else if (!call.is(2, "skip")) {
      return call.fail(Errors.SYNTAX);
    } else if (call.session.replies != RespSession.Replies.OFF) {
      call.session.replies = RespSession.Replies.SKIP_NEXT;
    }
    return true;
  }
}
