package io.fkvs.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.protocol.Authentication;
import io.fkvs.server.protocol.Refusal;
import io.fkvs.server.protocol.RequestKind;
import io.fkvs.server.protocol.Session;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.wire.Request;
import io.fkvs.wire.RespFault;
import io.fkvs.wire.RespRequestDecoder;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** One client that speaks RESP: what it has said of itself, and its transaction. */
final class RespSession implements Session {
  /** The most keys of a request that are announced with those of other requests. */
  static final int MOST_ANNOUNCED_KEYS = 128;

  /** The tag of a request that was not announced, and of one whose command nobody knows. */
  private static final int NOT_ANNOUNCED = 0;

  private static final int NO_COMMAND = -1;

  /** What an error cites of a request. */
  private static final int MOST_CITED_BYTES = 128;

  /** Whether the client gets replies. */
  enum Replies {
    ON,
    OFF,

    /** Not to the next request. */
    SKIP_NEXT,

    /** Not to this one. */
    SKIP
  }

  final long id;
  final String peer;
  final long sinceSeconds;
  final Transaction transaction;
  final Authentication authentication;
  String name = "";
  String libraryName = "";
  String libraryVersion = "";
  boolean isResp3;
  boolean hasNoEvict;
  boolean hasNoTouch;
  Replies replies = Replies.ON;
  long requests;
  String lastCommand = "NULL";

  private final RespEndpoint endpoint;
  private final boolean isStranger;
  private final RespRequestDecoder decoder;
  private final Output.Mark beforeUnseen = new Output.Mark();
  private boolean isEnding;

  RespSession(RespEndpoint endpoint, long id, String peer, Authentication authentication) {
    this.endpoint = endpoint;
    this.id = id;
    this.peer = peer;
    this.authentication = authentication;
    isStranger = false;
    sinceSeconds = endpoint.store().nowMs() / 1000;
    transaction = new Transaction(endpoint, this, endpoint.host().pool());
    decoder =
        new RespRequestDecoder(
            endpoint.host().maxValueBytes(), endpoint.maxRequestBytes(), endpoint.parkingRoom());
  }

  /**
   * A session for requests of clients of other servers. They were in order there, so nothing is
   * refused for want of memory.
   */
  RespSession(RespEndpoint endpoint, Authentication authentication) {
    this.endpoint = endpoint;
    id = 0;
    peer = "";
    this.authentication = authentication;
    isStranger = true;
    sinceSeconds = 0;
    transaction = new Transaction(endpoint, this, new BufferPool(Long.MAX_VALUE));
    decoder = new RespRequestDecoder(endpoint.host().maxValueBytes(), Integer.MAX_VALUE);
  }

  // ---- decoding

  @Override
  public int decode(MemorySegment bytes, long offset, long limit, Request request) {
    decoder.restrict(!authentication.isAuthenticated());
    return decoder.decode(bytes, offset, limit, request);
  }

  @Override
  public int announcedLength() {
    return decoder.announcedLength();
  }

  @Override
  public void restart() {
    decoder.restart();
  }

  @Override
  public boolean mayDecodeBehind(Request request) {
    return request.isWellFormed() && authentication.isAuthenticated();
  }

  @Override
  public boolean announce(Request request, KeyBatch keys) {
    Command command = lookUp(request);
    request.tag(command == null ? NO_COMMAND : command.number);
    if (command == null || command.firstKey != 1 || !command.takes(request.argumentCount())) {
      return true;
    }
    return command.lastKey == 1
        ? announceKey(request, 1, keys)
        : announceKeys(request, command, keys);
  }

  private static boolean announceKeys(Request request, Command command, KeyBatch keys) {
    int end = command.keysEnd(request.argumentCount());
    int count = (end - 1) / command.keyStep;
    if (count > keys.capacity() - keys.count()) {
      return count > MOST_ANNOUNCED_KEYS;
    }
    for (int i = 1; i < end; i += command.keyStep) {
      announceKey(request, i, keys);
    }
    return true;
  }

  /** Adds one key; answers whether there was room. */
  private static boolean announceKey(Request request, int index, KeyBatch keys) {
    if (keys.isFull()) {
      return false;
    }
    int length = request.argumentLength(index);
    if (length <= Store.MAX_KEY_BYTES) {
      keys.add(request.buffer(), request.argumentOffset(index), length);
    }
    return true;
  }

  /** The command of a request: what it was announced with, or what the table says. */
  private Command find(Request request) {
    int number = request.tag();
    return switch (number) {
      case NOT_ANNOUNCED -> lookUp(request);
      case NO_COMMAND -> null;
      default -> endpoint.table().numbered(number);
    };
  }

  private Command lookUp(Request request) {
    if (request.argumentCount() == 0) {
      return null;
    }
    CommandTable table = endpoint.table();
    int length = request.argumentLength(0);
    long word = request.firstWord();
    return word != 0 && length <= Long.BYTES
        ? table.find(word, length)
        : table.find(request.buffer(), request.argumentOffset(0), length);
  }

  // ---- carrying out

  @Override
  public long changedBytes(Request request) {
    Command command = request.isWellFormed() ? find(request) : null;
    return command == null ? 0 : transaction.changedBytes(command, request);
  }

  @Override
  public boolean observes(Request request) {
    Command command = request.isWellFormed() ? find(request) : null;
    if (command == null
        || !command.takes(request.argumentCount())
        || transaction.isOpen() && !command.isImmediate) {
      return false;
    }
    return command.kind != RequestKind.OTHER || command.isContainer() || command.isExec;
  }

  @Override
  public long replyBytes(Request request) {
    Command command = find(request);
    if (command.kind != RequestKind.READ || command.firstKey != 1 || command.lastKey != 1) {
      return UNKNOWN_LENGTH;
    }
    return endpoint.valueLength(request);
  }

  @Override
  public boolean mayGrow(Request request) {
    Command command = request.isWellFormed() ? find(request) : null;
    return command != null && (command.mayGrow || transaction.mayGrow());
  }

  @Override
  public MemorySegment prelude(Request request) {
    Command command = request.isWellFormed() ? find(request) : null;
    return command != null && command.isExec ? transaction.prelude() : MemorySegment.NULL;
  }

  @Override
  public void refuse(Request request, Output output, Refusal refusal) {
    endpoint.reply().to(output, isResp3);
    Command command = request.isWellFormed() ? find(request) : null;
    if (command != null && command.isExec) {
      transaction.reset();
    }
    endpoint
        .refusal(this, request, command)
        .fail(
            switch (refusal) {
              case NO_MAJORITY -> Errors.NO_MAJORITY;
              case UNDECIDED -> Errors.UNDECIDED;
              case TOO_LARGE -> Errors.TOO_LONG_TO_AGREE;
              case STORE_FULL -> Errors.FULL;
            });
    endReply();
  }

  @Override
  public RequestKind kind(Request request) {
    Command command = request.isWellFormed() ? find(request) : null;
    return command == null ? RequestKind.OTHER : command.kind;
  }

  @Override
  public boolean execute(Request request, Output output) {
    if (isEnding) {
      return true;
    }
    if (request.isWellFormed() && request.argumentCount() == 0) {
      endReply();
      return true;
    }
    endpoint.reply().to(output, isResp3);
    if (replies != Replies.ON) {
      return executeUnseen(request, output);
    }
    boolean isDone = dispatch(request);
    if (isDone) {
      endReply();
    }
    return isDone;
  }

  /** Carries a request out of whose reply the client may see nothing. */
  private boolean executeUnseen(Request request, Output output) {
    output.mark(beforeUnseen);
    if (!dispatch(request)) {
      return false;
    }
    if (replies == Replies.OFF || replies == Replies.SKIP) {
      output.rewind(beforeUnseen);
    }
    endReply();
    return true;
  }

  /** The request was the one whose reply was to be left out, or the one before. */
  private void endReply() {
    if (replies == Replies.SKIP) {
      replies = Replies.ON;
    } else if (replies == Replies.SKIP_NEXT) {
      replies = Replies.SKIP;
    }
  }

  private boolean dispatch(Request request) {
    if (!request.isWellFormed()) {
      refuse(request);
      return true;
    }
    if (isStranger && transaction.takes(request)) {
      return true;
    }
    Command command = command(request);
    if (command == null) {
      return refuseUnknown(request);
    }
    if (!command.takes(request.argumentCount()) || command.handler() == null) {
      return refuseArity(endpoint.refusal(this, request, command));
    }
    if (!command.needsNoPassword && !authentication.isAuthenticated()) {
      return endpoint
          .refusal(this, request, command)
          .fail(command.isExec ? Errors.EXEC_WITHOUT_PASSWORD : Errors.NOT_AUTHENTICATED);
    }
    if (request.argumentBytes() > Store.MAX_KEY_BYTES && hasLongKey(command, request)) {
      transaction.spoil();
      return endpoint.refusal(this, request, command).fail(Errors.KEY_TOO_LONG);
    }
    if (transaction.isOpen() && !command.isImmediate) {
      return transaction.queue(endpoint.refusal(this, request, command));
    }
    if (!endpoint.run(this, request, command, false)) {
      return false;
    }
    requests++;
    lastCommand = command.name;
    return true;
  }

  /** The command that a request names, or the subcommand; {@code null} where there is none. */
  private Command command(Request request) {
    Command command = find(request);
    boolean isContainer = command != null && command.isContainer() && request.argumentCount() > 1;
    return isContainer
        ? command.subcommand(request.buffer(), request.argumentOffset(1), request.argumentLength(1))
        : command;
  }

  private boolean refuseUnknown(Request request) {
    Command container = find(request);
    Call refusal = endpoint.refusal(this, request, container);
    if (container != null) {
      return transaction.refuse(refusal, unknownSubcommand(refusal, container));
    }
    return isOfBrowser(refusal) ? sendAway() : transaction.refuse(refusal, unknown(refusal));
  }

  /**
   * Says whether a browser may have sent a request, told by a web page to: what stands behind it
   * would be carried out.
   */
  private static boolean isOfBrowser(Call call) {
    return call.is(0, "post") || call.is(0, "host:");
  }

  private boolean sendAway() {
    endpoint.host().countError();
    endpoint.host().reportBrowser(peer);
    end();
    return true;
  }

  /** An EXEC with arguments ends its transaction all the same. */
  private boolean refuseArity(Call refusal) {
    if (!refusal.command.isExec) {
      transaction.spoil();
      return refusal.failArity();
    }
    transaction.reset();
    return refusal.fail(
        "EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command");
  }

  private static boolean hasLongKey(Command command, Request request) {
    if (command.firstKey > 0) {
      int end = command.keysEnd(request.argumentCount());
      for (int i = command.firstKey; i < end; i += command.keyStep) {
        if (request.argumentLength(i) > Store.MAX_KEY_BYTES) {
          return true;
        }
      }
    }
    return false;
  }

  private void refuse(Request request) {
    String text = "ERR Protocol error: " + request.fault().text();
    if (request.fault() == RespFault.EXPECTED_BULK) {
      text += (char) request.faultByte() + "'";
    }
    endpoint.refusal(this, request, null).fail(text);
    end();
  }

  private static String unknown(Call call) {
    StringBuilder arguments = new StringBuilder();
    for (int i = 1; i < call.count() && arguments.length() < MOST_CITED_BYTES; i++) {
      String argument = cited(call, i, MOST_CITED_BYTES - arguments.length());
      arguments.append('\'').append(argument).append("' ");
    }
    return "ERR unknown command '"
        + cited(call, 0, MOST_CITED_BYTES)
        + "', with args beginning with: "
        + arguments;
  }

  private static String unknownSubcommand(Call call, Command container) {
    return "ERR unknown subcommand '"
        + cited(call, 1, MOST_CITED_BYTES)
        + "'. Try "
        + container.name.toUpperCase(Locale.ROOT)
        + " HELP.";
  }

  /** An argument as C prints it: up to a zero, and no longer than may be. */
  private static String cited(Call call, int index, int mostBytes) {
    int length = Math.min(call.length(index), mostBytes);
    byte[] bytes = new byte[length];
    MemorySegment.copy(call.memory(), call.offset(index), MemorySegment.ofArray(bytes), 0, length);
    String text = new String(bytes, ISO_8859_1);
    int zero = text.indexOf(0);
    return zero < 0 ? text : text.substring(0, zero);
  }

  // ---- the end

  /** Where the client comes from, as Redis shows it. */
  String address() {
    return peer.replaceFirst("^/", "");
  }

  /** The client gets no further replies. */
  void end() {
    isEnding = true;
  }

  @Override
  public boolean isEnding() {
    return isEnding;
  }

  @Override
  public long heldBytes() {
    return transaction.heldBytes();
  }

  @Override
  public void close() {
    transaction.reset();
    decoder.restart();
    endpoint.remove(this);
  }

  /** Makes the session as new, but for the number. */
  void reset() {
    transaction.reset();
    name = "";
    isResp3 = false;
    hasNoEvict = false;
    hasNoTouch = false;
    replies = Replies.ON;
    authentication.reset();
  }
}
