package io.fkvs.history;

import io.fkvs.history.Answer.Content;
import io.fkvs.history.Answer.Sum;
import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.GetAndDelete;
import io.fkvs.history.Request.Increment;
import io.fkvs.history.Request.Set;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A correct server in process, on a map: each request is carried out under a lock. */
class MapServer implements Target {
  private final Map<String, String> map = new HashMap<>();

  @Override
  public Session connect(int client) throws IOException {
    return new Session() {
      @Override
      public List<Answer> exchange(List<Request> requests) {
        List<Answer> answers = new ArrayList<>();
        requests.forEach(request -> answers.add(execute(request)));
        return answers;
      }

      @Override
      public void close() {}
    };
  }

  synchronized Answer execute(Request request) {
    return switch (request) {
      case Get(String key) -> new Content(map.get(key));
      case GetAndDelete(String key) -> new Content(map.remove(key));
      case Set(String key, String value) -> {
        map.put(key, value);
        yield Answer.DONE;
      }
      case Delete(String key) -> {
        map.remove(key);
        yield Answer.DONE;
      }
      case Increment(String key, long amount) -> increment(key, amount);
    };
  }

  private Answer increment(String key, long amount) {
    String before = map.getOrDefault(key, "0");
    if (!before.matches("-?[0-9]+")) {
      return Answer.REFUSED;
    }
    long sum = Long.parseLong(before) + amount;
    map.put(key, Long.toString(sum));
    return new Sum(sum);
  }
}
