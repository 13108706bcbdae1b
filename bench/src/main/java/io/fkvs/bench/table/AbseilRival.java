package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Abseil's {@code flat_hash_map<std::string, std::string>}, the Swiss table in C++, through a
 * library that the user builds from {@code abseil.cc} and names in the environment. One thread.
 *
 * <p>A call from Java to C++ is part of the measured time. Calls are of the kind that leaves out
 * the change of the thread's state, which is the cheapest there is.
 */
final class AbseilRival implements Rival {
  /** The environment variable with the path of the library. */
  static final String LIBRARY = "FKVS_JMH_ABSEIL";

  private final MemorySegment map = open();
  private final MemorySegment key;
  private final MemorySegment value;

  AbseilRival(Shape shape) {
    Arena arena = Arena.ofAuto();
    key = arena.allocate(shape.keyLength(), Long.BYTES);
    value = arena.allocate(shape.valueLength());
    value.copyFrom(MemorySegment.ofArray(shape.value()));
  }

  /** Why the library cannot be used here, or {@code null}. */
  static String obstacle() {
    String library = System.getenv(LIBRARY);
    if (library == null) {
      return "library is not named: variable=" + LIBRARY;
    }
    return Files.isReadable(Path.of(library)) ? null : "library is not there: path=" + library;
  }

  @Override
  public void put(long number, byte stamp) {
    KeyMaterial.write(number, key, 0, (int) key.byteSize());
    value.set(JAVA_BYTE, 0, stamp);
    try {
      Functions.PUT.invokeExact(map, key, key.byteSize(), value, value.byteSize());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public int get(long number) {
    KeyMaterial.write(number, key, 0, (int) key.byteSize());
    try {
      return (int) Functions.GET.invokeExact(map, key, key.byteSize());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public byte[] getCopy(long number) {
    KeyMaterial.write(number, key, 0, (int) key.byteSize());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(value.byteSize(), Long.BYTES));
      long length =
          (long) Functions.COPY.invokeExact(map, key, key.byteSize(), copy, copy.byteSize());
      return length < 0 ? null : copy.asSlice(0, length).toArray(JAVA_BYTE);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public boolean remove(long number) {
    KeyMaterial.write(number, key, 0, (int) key.byteSize());
    try {
      return (int) Functions.REMOVE.invokeExact(map, key, key.byteSize()) != 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public long increment(long number) {
    KeyMaterial.write(number, key, 0, (int) key.byteSize());
    try {
      return (long) Functions.INCREMENT.invokeExact(map, key, key.byteSize(), 1L);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public long size() {
    try {
      return (long) Functions.SIZE.invokeExact(map);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public Object heapRoot() {
    return map;
  }

  /** Unknown: the map does not tell. */
  @Override
  public long nativeBytes() {
    return 0;
  }

  @Override
  public void close() {
    try {
      Functions.CLOSE.invokeExact(map);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static MemorySegment open() {
    try {
      return (MemorySegment) Functions.OPEN.invokeExact();
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(Throwable cause) {
    return new IllegalStateException("abseil failed", cause);
  }

  /** Loaded with the first map. */
  @SuppressWarnings("restricted") // calls of native code are what it is for
  private static final class Functions {
    private static final SymbolLookup SYMBOLS =
        SymbolLookup.libraryLookup(Path.of(System.getenv(LIBRARY)), Arena.global());

    static final MethodHandle OPEN = function("open", ADDRESS);
    static final MethodHandle CLOSE = procedure("close", ADDRESS);
    static final MethodHandle SIZE = function("size", JAVA_LONG, ADDRESS);
    static final MethodHandle PUT =
        procedure("put", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    static final MethodHandle GET = function("get", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle COPY =
        function("copy", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    static final MethodHandle REMOVE = function("remove", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle INCREMENT =
        function("increment", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

    private static MethodHandle function(
        String name, ValueLayout result, MemoryLayout... arguments) {
      return handle(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle procedure(String name, MemoryLayout... arguments) {
      return handle(name, FunctionDescriptor.ofVoid(arguments));
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
      return Linker.nativeLinker()
          .downcallHandle(
              SYMBOLS.find("fkvs_" + name).orElseThrow(), type, Linker.Option.critical(false));
    }
  }
}
