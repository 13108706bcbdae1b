package io.fkvs.server.resp;

import io.fkvs.store.CopyOutcome;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;

/** What is done to keys, whatever their values: DEL, EXISTS, RENAME, COPY, OBJECT and others. */
final class KeyCommands {
  private static final MemorySegment STRING = Reply.line("+string");
  private static final MemorySegment NONE = Reply.line("+none");
  private static final MemorySegment NO_FREQUENCIES =
      Errors.error(
          "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note"
              + " that when switching between policies at runtime LRU and LFU data will take some"
              + " time to adjust.");

  /** Up to this length Redis stores a value beside its header, which it calls embstr. */
  private static final int LONGEST_EMBEDDED = 44;

  /** What an entry takes beside its key and value: header, control byte and slack, about. */
  private static final int ENTRY_BYTES = 24;

  private final RespEndpoint endpoint;
  private final Store store;
  private final ValueView view = new ValueView();

  KeyCommands(RespEndpoint endpoint) {
    this.endpoint = endpoint;
    store = endpoint.store();
  }

  void register(CommandTable table) {
    table.handle("del", this::remove);
    table.handle("unlink", this::remove);
    table.handle("exists", this::exist);
    table.handle("touch", this::exist);
    table.handle("type", this::type);
    table.handle("rename", call -> rename(call, false));
    table.handle("renamenx", call -> rename(call, true));
    table.handle("copy", this::copy);
    table.handle("dbsize", call -> call.integer(store.size()));
    table.handle("flushdb", this::clear);
    table.handle("flushall", this::clear);
    table.handle("object|encoding", this::encoding);
    table.handle("object|refcount", call -> ofPresent(call, 1));
    table.handle("object|idletime", call -> ofPresent(call, 0));
    table.handle("object|freq", this::frequency);
    table.handle("memory|usage", this::usage);
  }

  private boolean find(Call call, int index) {
    return store.get(call.memory(), call.offset(index), call.length(index), view);
  }

  private boolean contains(Call call, int index) {
    return store.contains(call.memory(), call.offset(index), call.length(index));
  }

  private boolean remove(Call call) {
    int removed = 0;
    endpoint.hold(call);
    for (int i = 1; i < call.count(); i++) {
      endpoint.readAhead(call, i);
      if (store.remove(call.memory(), call.offset(i), call.length(i))) {
        endpoint.touch(call, i);
        removed++;
      }
    }
    return call.integer(removed);
  }

  private boolean exist(Call call) {
    int present = 0;
    endpoint.hold(call);
    for (int i = 1; i < call.count(); i++) {
      endpoint.readAhead(call, i);
      present += contains(call, i) ? 1 : 0;
    }
    return call.integer(present);
  }

  private boolean type(Call call) {
    call.reply.fixed(contains(call, 1) ? STRING : NONE);
    return true;
  }

  private boolean rename(Call call, boolean isIfAbsent) {
    CopyOutcome outcome =
        store.rename(
            isIfAbsent ? PutCondition.IF_ABSENT : PutCondition.ALWAYS,
            call.memory(),
            call.offset(1),
            call.length(1),
            call.memory(),
            call.offset(2),
            call.length(2));
    if (outcome == CopyOutcome.ABSENT) {
      return call.fail(Errors.NO_SUCH_KEY);
    }
    if (outcome == CopyOutcome.DONE && !call.areSame(1, 2)) {
      endpoint.touch(call, 1);
      endpoint.touch(call, 2);
    }
    return isIfAbsent ? call.integer(outcome == CopyOutcome.DONE ? 1 : 0) : call.ok();
  }

  private boolean copy(Call call) {
    boolean isReplacing = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "replace")) {
        isReplacing = true;
      } else if (call.is(i, "db") && i + 1 < call.count()) {
        i++;
        if (!Databases.isOnlyOne(call, i)) {
          return true;
        }
      } else {
        return call.fail(Errors.SYNTAX);
      }
    }
    if (call.areSame(1, 2)) {
      return call.fail(Errors.SAME_KEY);
    }
    CopyOutcome outcome =
        store.copy(
            isReplacing ? PutCondition.ALWAYS : PutCondition.IF_ABSENT,
            call.memory(),
            call.offset(1),
            call.length(1),
            call.memory(),
            call.offset(2),
            call.length(2));
    if (outcome != CopyOutcome.DONE) {
      return call.integer(0);
    }
    endpoint.touch(call, 2);
    return call.integer(1);
  }

  private boolean clear(Call call) {
    boolean isPlain = call.count() == 1;
    if (!isPlain && (call.count() > 2 || !(call.is(1, "async") || call.is(1, "sync")))) {
      return call.fail(Errors.SYNTAX);
    }
    endpoint.watched().touchAll(store);
    store.clear();
    return call.ok();
  }

  // ---- what is known of a value

  private boolean encoding(Call call) {
    if (!find(call, 2)) {
      call.reply.nil();
      return true;
    }
    String encoding = view.length() <= LONGEST_EMBEDDED ? "embstr" : "raw";
    call.reply.bulk(Integers.isCanonical(view) ? "int" : encoding);
    return true;
  }

  private boolean ofPresent(Call call, long answer) {
    if (!contains(call, 2)) {
      call.reply.nil();
      return true;
    }
    return call.integer(answer);
  }

  private boolean frequency(Call call) {
    if (!contains(call, 2)) {
      call.reply.nil();
      return true;
    }
    return call.fail(NO_FREQUENCIES);
  }

  private boolean usage(Call call) {
    for (int i = 3; i < call.count(); i++) {
      if (!call.is(i, "samples") || i + 1 == call.count()) {
        return call.fail(Errors.SYNTAX);
      }
      i++;
      if (!call.readIntegerOrFail(i)) {
        return true;
      }
      if (call.integer < 0) {
        return call.fail(Errors.SYNTAX);
      }
    }
    if (!find(call, 2)) {
      call.reply.nil();
      return true;
    }
    return call.integer((long) ENTRY_BYTES + call.length(2) + view.length());
  }
}
