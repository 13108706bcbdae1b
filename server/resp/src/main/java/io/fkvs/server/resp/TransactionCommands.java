package io.fkvs.server.resp;

/** MULTI, EXEC, DISCARD, WATCH and UNWATCH. */
final class TransactionCommands {
  TransactionCommands() {}

  void register(CommandTable table) {
    table.handle("multi", TransactionCommands::open);
    table.handle("exec", TransactionCommands::run);
    table.handle("discard", TransactionCommands::discard);
    table.handle("watch", TransactionCommands::watch);
    table.handle("unwatch", TransactionCommands::unwatch);
  }

  private static boolean open(Call call) {
    Transaction transaction = call.session.transaction;
    if (transaction.isOpen()) {
      return call.fail(Errors.NESTED_MULTI);
    }
    transaction.open();
    return call.ok();
  }

  private static boolean run(Call call) {
    Transaction transaction = call.session.transaction;
    if (!transaction.isOpen()) {
      return call.fail(Errors.EXEC_WITHOUT_MULTI);
    }
    try {
      if (transaction.isSpoilt()) {
        return call.fail(Errors.ABORTED);
      }
      if (transaction.hasLostTheRace()) {
        call.reply.nilArray();
        return true;
      }
      transaction.unwatch();
      transaction.run(call.reply);
      return true;
    } finally {
      transaction.reset();
    }
  }

  private static boolean discard(Call call) {
    Transaction transaction = call.session.transaction;
    if (!transaction.isOpen()) {
      return call.fail(Errors.DISCARD_WITHOUT_MULTI);
    }
    transaction.reset();
    return call.ok();
  }

  private static boolean watch(Call call) {
    Transaction transaction = call.session.transaction;
    if (transaction.isOpen()) {
      return call.fail(Errors.WATCH_IN_MULTI);
    }
    for (int i = 1; i < call.count(); i++) {
      if (!transaction.watch(call, i)) {
        return call.fail(Errors.NO_CLIENT_MEMORY);
      }
    }
    return call.ok();
  }

  private static boolean unwatch(Call call) {
    call.session.transaction.unwatch();
    return call.ok();
  }
}
