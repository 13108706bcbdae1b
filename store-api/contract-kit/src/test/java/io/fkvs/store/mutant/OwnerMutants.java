package io.fkvs.store.mutant;

import io.fkvs.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/** Faults about who may call, in front of a store that is right. */
final class OwnerMutants {
  /** What is done around a call. */
  @FunctionalInterface
  private interface Around {
    Object call(Store store, Call call) throws Throwable;
  }

  @FunctionalInterface
  private interface Call {
    Object run() throws Throwable;
  }

  private OwnerMutants() {}

  static List<Mutant> all() {
    return List.of(
        mutant("a store belongs to nobody after each call", OwnerMutants::callAndLetGo),
        mutant("a store cannot be handed over", OwnerMutants::callButHandOver));
  }

  private static Object callAndLetGo(Store store, Call call) throws Throwable {
    Object answer = call.run();
    if (!store.isClosed()) {
      try {
        store.handOver();
      } catch (IllegalStateException e) {
        // a visitor's call
      }
    }
    return answer;
  }

  private static Object callButHandOver(Store store, Call call) throws Throwable {
    Object answer = call.run();
    if (!store.isClosed() && answer == null) {
      try {
        store.size(); // what hands it over takes it back
      } catch (IllegalStateException e) {
        // a visitor's call
      }
    }
    return answer;
  }

  private static Mutant mutant(String fault, Around around) {
    return new Mutant(fault, config -> wrap(new MapStore(config), around));
  }

  private static Store wrap(Store store, Around around) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) ->
                around.call(
                    store,
                    () -> {
                      try {
                        return method.invoke(store, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }
}
