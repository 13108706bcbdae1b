package io.fkvs.server.resp;

import io.fkvs.server.buffer.Output;
import io.fkvs.server.protocol.Host;
import io.fkvs.store.EntryBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;

/** GET and SET and what is like them: values as a whole, and parts of them. */
final class StringCommands {
  /** What one element of a reply takes beside its bytes, at most. */
  private static final int ELEMENT_BYTES = 32;

  private final RespEndpoint endpoint;
  private final Host host;
  private final Store store;
  private final ValueView view = new ValueView();
  private final EntryBatch entries = new EntryBatch(RespSession.MOST_ANNOUNCED_KEYS);
  private final SetOptions options = new SetOptions();
  private final Output.Mark beforeReply = new Output.Mark();

  StringCommands(RespEndpoint endpoint) {
    this.endpoint = endpoint;
    host = endpoint.host();
    store = endpoint.store();
  }

  void register(CommandTable table) {
    table.handle("get", this::get);
    table.handle("set", this::set);
    table.handle("setnx", this::setIfAbsent);
    table.handle("setex", call -> setWithTime(call, 1000));
    table.handle("psetex", call -> setWithTime(call, 1));
    table.handle("getset", this::getAndSet);
    table.handle("getdel", this::getAndRemove);
    table.handle("getex", this::getAndExpire);
    table.handle("mget", this::getMany);
    table.handle("mset", this::setMany);
    table.handle("msetnx", this::setManyIfAbsent);
    table.handle("append", this::append);
    table.handle("strlen", this::length);
    table.handle("getrange", this::range);
    table.handle("substr", this::range);
    table.handle("setrange", this::setRange);
  }

  // ---- one value

  private boolean find(Call call) {
    return find(call, 1);
  }

  private boolean find(Call call, int index) {
    return store.get(call.memory(), call.offset(index), call.length(index), view);
  }

  private void put(Call call, int key, int value, long deadlineMs) {
    put(PutCondition.ALWAYS, call, key, value, deadlineMs);
  }

  private boolean put(PutCondition condition, Call call, int key, int value, long deadlineMs) {
    boolean wasPut =
        store.put(
            condition,
            call.memory(),
            call.offset(key),
            call.length(key),
            call.memory(),
            call.offset(value),
            call.length(value),
            deadlineMs);
    if (wasPut) {
      endpoint.touch(call, key);
    }
    return wasPut;
  }

  private boolean get(Call call) {
    if (!host.read(call.memory(), call.offset(1), call.length(1), view)) {
      host.countMiss();
      call.reply.nil();
      return true;
    }
    int length = view.length();
    if (!call.claim(length)) {
      return false;
    }
    host.countHit();
    call.reply.bulk(view, 0, length);
    return true;
  }

  private boolean set(Call call) {
    if (call.count() > 3) {
      return setWithOptions(call);
    }
    put(call, 1, 2, Store.NO_DEADLINE);
    return call.ok();
  }

  private boolean setWithOptions(Call call) {
    if (!options.readForSet(call) || !options.readTime(call, store.nowMs())) {
      return true;
    }
    boolean isPresent = find(call);
    if (options.isGet && isPresent && !call.claim(view.length())) {
      return false;
    }
    boolean isPut = isPresent ? !options.isIfAbsent : !options.isIfPresent;
    long deadlineMs = isPresent && options.isKeepTime ? view.deadlineMs() : options.deadlineMs;
    if (options.isGet) {
      return setAndAnswerOld(call, isPresent, isPut, deadlineMs);
    }
    if (!isPut) {
      call.reply.nil();
      return true;
    }
    put(call, 1, 2, deadlineMs);
    return call.ok();
  }

  /** The old value is written first: the change makes it stale. */
  private boolean setAndAnswerOld(Call call, boolean isPresent, boolean isPut, long deadlineMs) {
    call.reply.output().mark(beforeReply);
    answer(call, isPresent);
    if (isPut) {
      try {
        put(call, 1, 2, deadlineMs);
      } catch (RuntimeException e) {
        call.reply.output().rewind(beforeReply);
        throw e;
      }
    }
    return true;
  }

  private void answer(Call call, boolean isPresent) {
    if (isPresent) {
      host.countHit();
      call.reply.bulk(view);
    } else {
      host.countMiss();
      call.reply.nil();
    }
  }

  private boolean setIfAbsent(Call call) {
    boolean wasPut = put(PutCondition.IF_ABSENT, call, 1, 2, Store.NO_DEADLINE);
    call.reply.truth(wasPut);
    return true;
  }

  private boolean setWithTime(Call call, long unitMs) {
    if (options.readTimeAt(call, 2, unitMs, store.nowMs())) {
      put(call, 1, 3, options.deadlineMs);
      call.ok();
    }
    return true;
  }

  private boolean getAndSet(Call call) {
    boolean isPresent = find(call);
    if (isPresent && !call.claim(view.length())) {
      return false;
    }
    return setAndAnswerOld(call, isPresent, true, Store.NO_DEADLINE);
  }

  private boolean getAndRemove(Call call) {
    boolean isPresent = find(call);
    if (isPresent && !call.claim(view.length())) {
      return false;
    }
    answer(call, isPresent);
    if (isPresent) {
      store.remove(call.memory(), call.offset(1), call.length(1));
      endpoint.touch(call, 1);
    }
    return true;
  }

  private boolean getAndExpire(Call call) {
    if (!options.readForGet(call)) {
      return true;
    }
    if (!find(call)) {
      answer(call, false);
      return true;
    }
    if (!options.readTime(call, store.nowMs())) {
      return true;
    }
    if (!call.claim(view.length())) {
      return false;
    }
    answer(call, true);
    if (options.hasTime()) {
      store.expire(call.memory(), call.offset(1), call.length(1), options.deadlineMs);
      endpoint.touch(call, 1);
    } else if (options.isPersist && store.persist(call.memory(), call.offset(1), call.length(1))) {
      endpoint.touch(call, 1);
    }
    return true;
  }

  // ---- many values

  private boolean getMany(Call call) {
    long bytes = 0;
    endpoint.hold(call);
    for (int i = 1; i < call.count(); i++) {
      endpoint.readAhead(call, i);
      bytes += ELEMENT_BYTES + (find(call, i) ? view.length() : 0);
    }
    if (call.isTooLong(bytes)) {
      return true;
    }
    if (!call.claim(bytes)) {
      return false;
    }
    call.reply.array(call.count() - 1);
    for (int i = 1; i < call.count(); i++) {
      answer(call, find(call, i));
    }
    return true;
  }

  private boolean setMany(Call call) {
    if (call.count() % 2 == 0) {
      return call.failArity();
    }
    putAll(PutCondition.ALWAYS, call);
    return call.ok();
  }

  private boolean setManyIfAbsent(Call call) {
    if (call.count() % 2 == 0) {
      return call.failArity();
    }
    call.reply.truth(putAll(PutCondition.IF_ABSENT, call));
    return true;
  }

  /** Puts all entries or none. */
  private boolean putAll(PutCondition condition, Call call) {
    int count = (call.count() - 1) / 2;
    EntryBatch batch = count <= entries.capacity() ? entries : new EntryBatch(count);
    try {
      for (int i = 1; i < call.count(); i += 2) {
        batch.add(
            call.memory(),
            call.offset(i),
            call.length(i),
            call.memory(),
            call.offset(i + 1),
            call.length(i + 1),
            Store.NO_DEADLINE);
      }
      if (!store.putAll(condition, batch)) {
        return false;
      }
    } finally {
      batch.clear();
    }
    for (int i = 1; i < call.count(); i += 2) {
      endpoint.touch(call, i);
    }
    return true;
  }

  // ---- parts of a value

  private boolean length(Call call) {
    boolean isPresent = find(call);
    return call.integer(isPresent ? view.length() : 0);
  }

  private boolean append(Call call) {
    long present = find(call) ? view.length() : 0;
    if (present + call.length(2) > host.maxValueBytes()) {
      return call.fail(Errors.TOO_LONG);
    }
    call.moves(present);
    int length =
        store.append(
            call.memory(),
            call.offset(1),
            call.length(1),
            call.memory(),
            call.offset(2),
            call.length(2));
    endpoint.touch(call, 1);
    return call.integer(length);
  }

  private boolean range(Call call) {
    if (!call.readIntegerOrFail(2)) {
      return true;
    }
    long start = call.integer;
    if (!call.readIntegerOrFail(3)) {
      return true;
    }
    long end = call.integer;
    if (!find(call) || (start < 0 && end < 0 && start > end)) {
      call.reply.emptyBulk();
      return true;
    }
    long length = view.length();
    long from = Math.max(start < 0 ? length + start : start, 0);
    long to = Math.min(Math.max(end < 0 ? length + end : end, 0), length - 1);
    if (from > to || length == 0) {
      call.reply.emptyBulk();
      return true;
    }
    int count = (int) (to - from + 1);
    if (!call.claim(count)) {
      return false;
    }
    call.reply.bulk(view, (int) from, count);
    return true;
  }

  private boolean setRange(Call call) {
    if (!call.readIntegerOrFail(2)) {
      return true;
    }
    long offset = call.integer;
    if (offset < 0) {
      return call.fail(Errors.OFFSET);
    }
    int bytes = call.length(3);
    long present = find(call) ? view.length() : 0;
    if (bytes == 0) {
      return call.integer(present);
    }
    if (offset > host.maxValueBytes() - bytes) {
      return call.fail(Errors.TOO_LONG);
    }
    call.moves(Math.max(present, offset));
    int length =
        store.setRange(
            call.memory(),
            call.offset(1),
            call.length(1),
            (int) offset,
            call.memory(),
            call.offset(3),
            bytes);
    endpoint.touch(call, 1);
    return call.integer(length);
  }
}
