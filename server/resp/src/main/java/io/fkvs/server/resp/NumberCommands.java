package io.fkvs.server.resp;

import io.fkvs.store.IncrementResult;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** INCR and what is like it. Redis takes fewer texts for integers than the store does. */
final class NumberCommands {
  private final RespEndpoint endpoint;
  private final Store store;
  private final ValueView view = new ValueView();
  private final IncrementResult result = new IncrementResult();

  NumberCommands(RespEndpoint endpoint) {
    this.endpoint = endpoint;
    store = endpoint.store();
  }

  void register(CommandTable table) {
    table.handle("incr", call -> add(call, 1));
    table.handle("decr", call -> add(call, -1));
    table.handle("incrby", this::increment);
    table.handle("decrby", this::decrement);
    table.handle("incrbyfloat", this::addDecimal);
  }

  private boolean find(Call call) {
    return store.get(call.memory(), call.offset(1), call.length(1), view);
  }

  private boolean increment(Call call) {
    return !call.readIntegerOrFail(2) || add(call, call.integer);
  }

  private boolean decrement(Call call) {
    if (!call.readIntegerOrFail(2)) {
      return true;
    }
    return call.integer == Long.MIN_VALUE // has no negation
        ? call.fail(Errors.DECREMENT_OVERFLOW)
        : add(call, -call.integer);
  }

  private boolean add(Call call, long delta) {
    if (find(call) && !Integers.isCanonical(view)) {
      return call.fail(Errors.NOT_AN_INTEGER);
    }
    if (!store.tryIncrement(call.memory(), call.offset(1), call.length(1), delta, result)) {
      return call.fail(Errors.OVERFLOW);
    }
    endpoint.touch(call, 1);
    return call.integer(result.number());
  }

  private boolean addDecimal(Call call) {
    boolean isPresent = find(call);
    LongDouble present =
        isPresent ? LongDouble.parse(view.toByteArray()) : LongDouble.of(BigDecimal.ZERO);
    LongDouble added = LongDouble.parse(call.bytes(2));
    if (present == null || added == null) {
      return call.fail(Errors.NOT_A_FLOAT);
    }
    LongDouble sum = present.plus(added);
    if (sum == null) {
      return call.fail(Errors.NOT_FINITE);
    }
    byte[] text = sum.toString().getBytes(StandardCharsets.US_ASCII);
    MemorySegment value = MemorySegment.ofArray(text);
    store.put(
        PutCondition.ALWAYS,
        call.memory(),
        call.offset(1),
        call.length(1),
        value,
        0,
        text.length,
        isPresent ? view.deadlineMs() : Store.NO_DEADLINE);
    endpoint.touch(call, 1);
    call.reply.bulk(value, 0, text.length);
    return true;
  }
}
