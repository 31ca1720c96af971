import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A test's end of a server that {@code handlesfake serve} has started; copy it, with {@link Json}: it needs nothing.
 *
 * <p>What can be asked of a server, or of one world of it. Words are Python's, as pairs: {@code claim("invited",
 * "xuids", List.of("guest"), "times", 1)}. What is answered is maps, lists, texts, numbers and booleans, as JSON has
 * them; {@code null} is nothing. What the server refuses is a {@link Refused}; a claim that does not hold an {@link
 * AssertionError} with the text of what was sent instead.
 */
public class Handlesfake {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Where the calls are: what the ready line calls "control", or that of a world. */
    public final String url;

    /** The whole server, where MPSD_CONTROL says. */
    public Handlesfake() {
        this(found(System.getenv("MPSD_CONTROL")));
    }

    private static String found(String url) {
        if (url != null) return url;
        throw new IllegalStateException(
                "MPSD_CONTROL does not say where the server is: `handlesfake serve -- COMMAND` sets it");
    }

    /** The server, or the world, whose control is at {@code url}. */
    public Handlesfake(String url) {
        this.url = url;
    }

    /** A user of the test, with a token that is good here and nowhere else. */
    public record User(
            String role, String xuid, String gamertag, String titleId, String authorization, Map<String, String> headers) {}

    /** The title's own service, and its headers for players. */
    public record Service(String titleId, String authorization, Map<String, String> headers) {}

    /** What the server has refused, in its words. */
    public static class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** What was answered: 404, 410, 422. */
        public final int status;

        Refused(int status, String text) {
            super(text);
            this.status = status;
        }
    }

    // ---- worlds

    /** A separate world for one test of many that run at the same time; {@link #close} ends it. */
    public static final class World extends Handlesfake implements AutoCloseable {
        /** Its id, which no other world of the server ever has. */
        public final String id;

        private final Handlesfake server;

        World(Handlesfake server, Map<String, Object> made) {
            super((String) made.get("control"));
            this.server = server;
            this.id = (String) made.get("id");
        }

        /** End it; ending it twice is not an error. */
        @Override
        public void close() {
            try {
                server.endWorld(id);
            } catch (Refused error) {
                if (error.status != 410) throw error;
            }
        }
    }

    /** Make a world: {@code world("name", "lobby", "expires_after", 60)}. It ends after an hour without use. */
    public World world(Object... words) {
        Map<String, Object> said = words(words);
        said.putIfAbsent("expires_after", 3600);
        try {
            return new World(this, map(call("POST", "/worlds", said)));
        } catch (Refused error) {
            if (!error.getMessage().startsWith("there is a world")) throw error;
            said.computeIfPresent("name", (word, name) -> name + " " + Long.toHexString(System.nanoTime()));
            return new World(this, map(call("POST", "/worlds", said))); // the other one is of a run that was killed
        }
    }

    /** The existing worlds. */
    public List<Map<String, Object>> worlds() {
        return maps(call("GET", "/worlds"));
    }

    /** What the server says of one of them, by id or name. */
    public Map<String, Object> aboutWorld(String name) {
        return map(call("GET", at("/worlds/%s", name)));
    }

    /** Restart its time: {@code renewWorld("w1", "expires_after", 120)}. */
    public Map<String, Object> renewWorld(String name, Object... words) {
        return map(call("POST", at("/worlds/%s/renew", name), words(words)));
    }

    /** Let it end as if its time were over. */
    public void expireWorld(String name) {
        call("POST", at("/worlds/%s/expire", name));
    }

    /** End it. */
    public void endWorld(String name) {
        call("DELETE", at("/worlds/%s", name));
    }

    // ---- state

    /** Version, mode, addresses and counts. */
    public Map<String, Object> about() {
        return map(call("GET", "/"));
    }

    /** Back to how the server, or the world, began. */
    public void reset() {
        call("POST", "/reset");
    }

    /** Add what a state file says, YAML or JSON. */
    public void arrange(String state) {
        call("POST", "/state", state);
    }

    /** The same, instead of the whole present state. */
    public void replace(String state) {
        call("PUT", "/state", state);
    }

    /** The whole state, as a state file. */
    public Map<String, Object> state() {
        return map(call("GET", "/state"));
    }

    /** Users, sessions and handles as they are now. */
    public Map<String, Object> overview() {
        return map(call("GET", "/overview"));
    }

    /** Keep everything as it is now, under a name. */
    public void snapshot(String name) {
        call("PUT", at("/snapshots/%s", name));
    }

    /** Go back to what was kept. */
    public void restore(String name) {
        call("POST", at("/snapshots/%s/restore", name));
    }

    /** The names of what was kept. */
    public List<String> snapshots() {
        return texts(call("GET", "/snapshots"));
    }

    // ---- users

    /** The user of a role, made at the first call: {@code user("host", "follows", List.of("guest"))}. */
    public User user(String role, Object... words) {
        return userOf(call("PUT", at("/users/%s", role), words(words)));
    }

    /** Make a user, who need not have a role: {@code addUser("xuid", "9000000000000042")}. */
    public User addUser(Object... words) {
        return userOf(call("POST", "/users", words(words)));
    }

    /** The user of a role, who must be there. */
    public User knownUser(String role) {
        return userOf(call("GET", at("/users/%s", role)));
    }

    /** All users that have a role. */
    public List<User> users() {
        return maps(call("GET", "/users")).stream().map(Handlesfake::userOf).toList();
    }

    /** From now on the user's tokens so far are answered 401. */
    public void expire(String role) {
        call("POST", at("/users/%s/expire", role));
    }

    /** The user with one more token, which is good. */
    public User renew(String role) {
        return userOf(call("POST", at("/users/%s/renew", role)));
    }

    /** The title's own service, and its headers for players: {@code service("users", List.of("host"))}. */
    public Service service(Object... words) {
        return serviceOf(call("POST", "/service", words(words)));
    }

    /** From now on the tokens of the title's service so far are answered 401. */
    public void expireService(Object... words) {
        call("POST", "/service/expire", words(words));
    }

    /** The service with one more token, which is good. */
    public Service renewService(Object... words) {
        return serviceOf(call("POST", "/service/renew", words(words)));
    }

    // ---- claims, and what was sent

    /** Claim what was sent: {@code claim("invited", "xuids", List.of("guest"), "within", 1)}. */
    public void claim(String name, Object... words) {
        call("POST", at("/assert/%s", name), words(words));
    }

    /** Wait until nothing has come for so long: {@code settle("seconds", 0.2)}. */
    public void settle(Object... words) {
        call("POST", "/settle", words(words));
    }

    /** What was sent: {@code sent("operation", "create_handle", "count", 2, "wait", 1)} waits a second for two. */
    public List<Map<String, Object>> sent(Object... words) {
        return maps(journal(words).get("entries"));
    }

    /** The same with {@code next}, which is the next {@code since}, and what is no longer kept whole. */
    public Map<String, Object> journal(Object... words) {
        return map(call("GET", "/journal" + query(words)));
    }

    /** The same for people. */
    public String timeline(Object... words) {
        return ask("GET", "/journal" + query(words), "", "text/plain");
    }

    /** Forget what was sent; numbers count on. */
    public void forget() {
        call("DELETE", "/journal");
    }

    /** The invites that MPSD accepted, in order. */
    public List<Map<String, Object>> invites() {
        return maps(call("GET", "/invites"));
    }

    /** The activities that MPSD accepted, in order. */
    public List<Map<String, Object>> activities() {
        return maps(call("GET", "/activities"));
    }

    /** What the test left unsaid and the fake took for granted. */
    public List<Map<String, Object>> assumptions() {
        return maps(call("GET", "/assumptions"));
    }

    /** What a recording did not hold. */
    public List<String> unanswered() {
        return texts(call("GET", "/unanswered"));
    }

    /** That was wanted: it fails no claim. */
    public void wanted() {
        call("DELETE", "/unanswered");
    }

    // ---- bad days

    /** Add the rules of a rule file, YAML or JSON. */
    public void rules(String rules) {
        call("POST", "/rules", rules);
    }

    /** The rules, and how often each matched and acted; {@code ruleCounts("fired", 0)}: those that never acted. */
    public List<Map<String, Object>> ruleCounts(Object... words) {
        return maps(call("GET", "/rules" + query(words)));
    }

    /** Remove the rule of a name. */
    public void removeRule(String name) {
        call("DELETE", at("/rules/%s", name));
    }

    /** Remove all of them. */
    public void removeRules() {
        call("DELETE", "/rules");
    }

    /** Move the service's time: {@code clock("advance", "2h")}, {@code clock("freeze", true)}. */
    public Map<String, Object> clock(Object... words) {
        return map(call("POST", "/clock", words(words)));
    }

    /** The server's time, and whether it stands still. */
    public Map<String, Object> now() {
        return map(call("GET", "/clock"));
    }

    /** Answer open questions otherwise, YAML or JSON: {@code choices("invite_to_self: 400")}, or by the name of a set. */
    public Map<String, Object> choices(String said) {
        return map(call("POST", "/choices", said));
    }

    /** The same, and all others as usual. */
    public Map<String, Object> onlyChoices(String said) {
        return map(call("PUT", "/choices", said));
    }

    /** How each open question is answered now. */
    public Map<String, Object> chosen() {
        return map(call("GET", "/choices"));
    }

    // ---- requests that wait

    /** Keep requests waiting: {@code hold("operation", "create_handle")}; {@link #release} lets them go. */
    public void hold(Object... words) {
        call("POST", "/hold", words(words));
    }

    /** The holds, and who waits there; {@code holds("count", 2, "wait", 5)} waits five seconds for two. */
    public List<Map<String, Object>> holds(Object... words) {
        return maps(call("GET", "/hold" + query(words)));
    }

    /** The requests that wait at the hold, once there are {@code count}; an error where fewer come in five seconds. */
    public List<Map<String, Object>> held(int count) {
        List<Map<String, Object>> waiting = new ArrayList<>();
        for (Map<String, Object> hold : holds("count", count, "wait", 5)) waiting.addAll(maps(hold.get("waiting")));
        return enough(waiting, count, "requests wait");
    }

    /** Let some go, {@code release("count", 1)}, or all. */
    public void release(Object... words) {
        call("POST", "/release", words(words));
    }

    // ---- the push channel

    /** What was pushed to each user, or would have been: {@code taps("who", "host", "session", "lobby-1")}. */
    public List<Map<String, Object>> taps(Object... words) {
        return maps(call("GET", "/taps" + query(words)));
    }

    /** At least {@code count} taps, once they have come: {@code tapped(2, "who", "host")}; an error after five seconds. */
    public List<Map<String, Object>> tapped(int count, Object... words) {
        List<Object> said = new ArrayList<>(List.of(words));
        said.addAll(List.of("count", count, "wait", 5));
        return enough(taps(said.toArray()), count, "taps came");
    }

    /** The open push connections, and whose each is. */
    public List<Map<String, Object>> connections() {
        return maps(call("GET", "/connections"));
    }

    /** Break the push connection of a role, a xuid or a ConnectionId: {@code drop("host", "code", 1001)}. */
    public void drop(String who, Object... words) {
        call("POST", at("/connections/%s/drop", who), words(words));
    }

    /** Tell a client that it may have missed something. */
    public void resync(String who) {
        call("POST", at("/connections/%s/resync", who));
    }

    /** All of these calls, as OpenAPI. */
    public Map<String, Object> description() {
        return map(call("GET", "/openapi.json"));
    }

    // ---- how it is asked

    private Object call(String method, String path) {
        return call(method, path, "");
    }

    private Object call(String method, String path, Map<String, Object> words) {
        return call(method, path, Json.write(words));
    }

    private Object call(String method, String path, String body) {
        String text = ask(method, path, body, "application/json");
        return text.isEmpty() ? null : Json.read(text);
    }

    private String ask(String method, String path, String body, String accept) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Accept", accept)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 409) throw new AssertionError(answer.body().stripTrailing());
            if (answer.statusCode() >= 400) throw new Refused(answer.statusCode(), answer.body().stripTrailing());
            return answer.body();
        } catch (IOException error) {
            throw new IllegalStateException(method + " " + url + path + ": " + error, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + url + path + " was interrupted", error);
        }
    }

    /** An address: what is put into it may hold anything. */
    private static String at(String path, String said) {
        return path.formatted(quoted(said));
    }

    private static String quoted(String said) {
        return URLEncoder.encode(said, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String query(Object... words) {
        List<String> parts = new ArrayList<>();
        words(words).forEach((word, value) -> parts.add(quoted(word) + "=" + quoted(String.valueOf(value))));
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }

    private static Map<String, Object> words(Object... pairs) {
        if (pairs.length % 2 != 0) throw new IllegalArgumentException("words are pairs: \"xuids\", List.of(\"guest\")");
        Map<String, Object> said = new LinkedHashMap<>();
        for (int place = 0; place < pairs.length; place += 2) said.put((String) pairs[place], pairs[place + 1]);
        return said;
    }

    private static <Found> List<Found> enough(List<Found> found, int count, String what) {
        if (found.size() >= count) return found;
        throw new AssertionError(found.size() + " " + what + " within 5 seconds, and not " + count);
    }

    // ---- what is answered

    private static User userOf(Object found) {
        Map<String, Object> user = map(found);
        return new User(
                (String) user.get("role"),
                (String) user.get("xuid"),
                (String) user.get("gamertag"),
                (String) user.get("title_id"),
                (String) user.get("authorization"),
                headersOf(user));
    }

    private static Service serviceOf(Object found) {
        Map<String, Object> service = map(found);
        return new Service((String) service.get("title_id"), (String) service.get("authorization"), headersOf(service));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> headersOf(Map<String, Object> found) {
        return (Map<String, String>) found.get("headers");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object found) {
        return (Map<String, Object>) found;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object found) {
        return (List<Map<String, Object>>) found;
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Object found) {
        return (List<String>) found;
    }
}
