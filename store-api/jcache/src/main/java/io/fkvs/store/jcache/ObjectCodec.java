package io.fkvs.store.jcache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.cache.CacheException;

/**
 * From objects to bytes and back. The first byte is a tag that says how the others are to be read:
 *
 * <pre>
 *   LATIN1   text whose characters fit a byte, a byte each
 *   UTF16    other text, two bytes a character, unpaired surrogates included
 *   BYTES    a byte array
 *   INTEGER  4 bytes, the most significant first
 *   LONG     8 bytes, the most significant first
 *   OBJECT   a stream of Java serialization
 * </pre>
 *
 * <p>Each object has one encoding, but for {@code OBJECT}, where that is up to its class. What a
 * stream does not tell by content but by identity is evened out for text and boxed values: the
 * second occurrence of an equal one is written as a reference to the first, be it the same object
 * or not.
 *
 * <p>Any thread may use it. The bytes are read back by this process alone; a filter guards what
 * classes Java serialization may bring in all the same.
 */
final class ObjectCodec {
  private static final byte LATIN1 = 1;
  private static final byte UTF16 = 2;
  private static final byte BYTES = 3;
  private static final byte INTEGER = 4;
  private static final byte LONG = 5;
  private static final byte OBJECT = 6;

  private final ClassLoader classLoader;

  /** Null for the JVM's own filter alone. */
  private final ObjectInputFilter filter;

  ObjectCodec(ClassLoader classLoader, ObjectInputFilter filter) {
    this.classLoader = classLoader;
    this.filter = filter;
  }

  byte[] encode(Object object) {
    return switch (object) {
      case String text when isLatin1(text) ->
          tagged(LATIN1, text.getBytes(StandardCharsets.ISO_8859_1));
      case String text -> encodeUtf16(text);
      case byte[] bytes -> tagged(BYTES, bytes);
      case Integer number -> ByteBuffer.allocate(5).put(INTEGER).putInt(number).array();
      case Long number -> ByteBuffer.allocate(9).put(LONG).putLong(number).array();
      default -> serialize(object);
    };
  }

  private static byte[] tagged(byte tag, byte[] bytes) {
    byte[] encoded = new byte[1 + bytes.length];
    encoded[0] = tag;
    System.arraycopy(bytes, 0, encoded, 1, bytes.length);
    return encoded;
  }

  private static boolean isLatin1(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return false;
      }
    }
    return true;
  }

  private static byte[] encodeUtf16(String text) {
    ByteBuffer encoded = ByteBuffer.allocate(1 + Character.BYTES * text.length()).put(UTF16);
    encoded.asCharBuffer().put(text);
    return encoded.array();
  }

  private static byte[] serialize(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(OBJECT);
    try (ObjectOutputStream out = new ContentStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new CacheException("object cannot be serialized: class=" + object.getClass(), e);
    }
    return bytes.toByteArray();
  }

  Object decode(byte[] encoded) {
    int length = encoded.length - 1;
    return switch (encoded[0]) {
      case LATIN1 -> new String(encoded, 1, length, StandardCharsets.ISO_8859_1);
      case UTF16 -> ByteBuffer.wrap(encoded, 1, length).asCharBuffer().toString();
      case BYTES -> Arrays.copyOfRange(encoded, 1, encoded.length);
      case INTEGER -> ByteBuffer.wrap(encoded).getInt(1);
      case LONG -> ByteBuffer.wrap(encoded).getLong(1);
      default -> deserialize(encoded);
    };
  }

  private Object deserialize(byte[] encoded) {
    try (ObjectInputStream in = new LoaderStream(encoded)) {
      if (filter != null) {
        in.setObjectInputFilter(filter);
      }
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new CacheException("object cannot be deserialized: " + e.getMessage(), e);
    }
  }

  /** Writes equal text and equal boxed values alike, be they one object or several. */
  private static final class ContentStream extends ObjectOutputStream {
    private final Map<Object, Object> seen = new HashMap<>();

    ContentStream(OutputStream out) throws IOException {
      super(out);
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      return switch (object) {
        case String _,
            Boolean _,
            Character _,
            Byte _,
            Short _,
            Integer _,
            Long _,
            Float _,
            Double _ ->
            seen.computeIfAbsent(object, same -> same);
        case null, default -> object;
      };
    }
  }

  /** Finds classes by the class loader of the cache's manager. */
  private final class LoaderStream extends ObjectInputStream {
    LoaderStream(byte[] encoded) throws IOException {
      super(new ByteArrayInputStream(encoded, 1, encoded.length - 1));
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass described)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(described.getName(), false, classLoader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(described); // primitive types
      }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces)
        throws IOException, ClassNotFoundException {
      Class<?>[] types = new Class<?>[interfaces.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = Class.forName(interfaces[i], false, classLoader);
      }
      return Proxy.newProxyInstance(classLoader, types, (proxy, method, args) -> null).getClass();
    }
  }
}
