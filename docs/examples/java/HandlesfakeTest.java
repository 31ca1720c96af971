import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the helper can, tried against a server on a real port. It reads as examples, too. */
@ExtendWith(HandlesfakeExtension.class)
class HandlesfakeTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Map<String, Object> REF =
            Map.of("scid", "7e570100-1111-4222-8333-444455556666", "templateName", "FakeLobby", "name", "lobby-1");
    private static final String SESSION =
            "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1";

    private static CompletableFuture<Integer> send(
            Map<String, String> headers, String method, String path, Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(System.getenv("MPSD_URL") + path));
        headers.forEach(request::header);
        String sent = body == null ? "" : Json.write(body);
        request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(sent));
        return CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private static CompletableFuture<Integer> show(Handlesfake.User user) {
        return send(user.headers(), "POST", "/handles", Map.of("type", "activity", "version", 1, "sessionRef", REF));
    }

    private static Handlesfake party(Handlesfake mpsd) {
        mpsd.arrange("{users: [{role: host}, {role: guest}], sessions: [{name: lobby-1, members: [host]}]}");
        return mpsd;
    }

    @Test
    void aWorldHasTheTestsNameAndATimeToLive(Handlesfake.World mpsd) {
        Handlesfake server = new Handlesfake();
        String name = "HandlesfakeTest aWorldHasTheTestsNameAndATimeToLive";
        Map<?, ?> about = (Map<?, ?>) server.aboutWorld(name).get("world");

        assertEquals(mpsd.id, about.get("id"));
        assertEquals(3600, ((Number) about.get("expires_after")).intValue());
        assertEquals(120, ((Number) server.renewWorld(name, "expires_after", 120).get("expires_after")).intValue());
        assertTrue(server.worlds().stream().anyMatch(one -> mpsd.id.equals(one.get("id"))));
    }

    @Test
    void aNameThatIsTakenIsNoTroubleForTheNextRun() {
        try (Handlesfake.World one = new Handlesfake().world("name", "taken");
                Handlesfake.World other = new Handlesfake().world("name", "taken")) {
            assertNotEquals(one.id, other.id);
        }
    }

    @Test
    void aWorldEndsByItselfAndWithItsBlock() throws Exception {
        Handlesfake.World ended = new Handlesfake().world();
        Handlesfake.User host = ended.user("host");
        try (ended) {
            new Handlesfake().expireWorld(ended.id);
        }
        assertEquals(410, assertThrows(Handlesfake.Refused.class, () -> new Handlesfake().endWorld(ended.id)).status);

        assertEquals(410, assertThrows(Handlesfake.Refused.class, ended::about).status);
        assertEquals(401, show(host).get());
        assertEquals(
                404, assertThrows(Handlesfake.Refused.class, () -> new Handlesfake().aboutWorld("none of them")).status);
    }

    @Test
    void aSnapshotIsGoneBackTo(Handlesfake.World mpsd) throws Exception {
        party(mpsd).snapshot("before");
        assertEquals(201, show(mpsd.user("host")).get());
        mpsd.restore("before");

        assertEquals(List.of("before"), mpsd.snapshots());
        assertEquals(List.of(), mpsd.sent());
        mpsd.claim("no_activity", "user", "host");
    }

    @Test
    void tokensExpireAndAreRenewed(Handlesfake.World mpsd) throws Exception {
        Handlesfake.User host = party(mpsd).user("host");
        mpsd.expire("host");

        assertEquals(401, show(host).get());
        assertEquals(201, show(mpsd.renew("host")).get());
    }

    @Test
    void theTitlesOwnServiceHasTokensToo(Handlesfake.World mpsd) throws Exception {
        Handlesfake.Service service = party(mpsd).service("users", List.of("host"));
        assertEquals(200, send(service.headers(), "GET", SESSION, null).get());
        mpsd.expireService();

        assertEquals(401, send(service.headers(), "GET", SESSION, null).get());
        assertNotEquals(service.authorization(), mpsd.renewService().authorization());
    }

    @Test
    void usersAreMadeFoundAndNamed(Handlesfake.World mpsd) {
        party(mpsd);
        assertEquals("Far", mpsd.addUser("xuid", "9000000000000042", "gamertag", "Far").gamertag());
        assertEquals("a/b c", mpsd.user("a/b c", "follows", List.of("host")).role());
        assertEquals("a/b c", mpsd.knownUser("a/b c").role());
        assertEquals(List.of("host", "guest", "a/b c"), mpsd.users().stream().map(Handlesfake.User::role).toList());

        String text = assertThrows(Handlesfake.Refused.class, () -> mpsd.knownUser("hots")).getMessage();
        assertTrue(text.contains("did you mean 'host'"), text);
    }

    @Test
    void requestsWaitOneGoesOnThenTheOthers(Handlesfake.World mpsd) throws Exception {
        Handlesfake.User host = party(mpsd).user("host");
        mpsd.hold("operation", "create_handle");
        List<CompletableFuture<Integer>> sent = List.of(show(host), show(host));
        assertEquals(Map.of("method", "POST", "target", "/handles"), mpsd.held(2).get(1));
        mpsd.release("count", 1);
        assertEquals(201, CompletableFuture.anyOf(sent.get(0), sent.get(1)).get());
        assertEquals(1, mpsd.held(1).size());
        assertEquals("create_handle", mpsd.holds().get(0).get("name"));
        mpsd.release();

        assertEquals(402, sent.get(0).get() + sent.get(1).get());
    }

    @Test
    void aTapIsWaitedFor(Handlesfake.World mpsd) throws Exception {
        Handlesfake.User host = party(mpsd).user("host");
        CompletableFuture<List<Map<String, Object>>> waiting =
                CompletableFuture.supplyAsync(() -> mpsd.tapped(1, "who", "host", "session", "lobby-1"));
        Map<String, Object> subscription =
                Map.of("id", "22222222-2222-4222-8222-222222222222", "changeTypes", List.of("everything"));
        Map<String, Object> system = Map.of(
                "active", true, "connection", "11111111-1111-4111-8111-111111111111", "subscription", subscription);
        Map<String, Object> me = Map.of("me", Map.of("properties", Map.of("system", system)));
        send(host.headers(), "PUT", SESSION, Map.of("members", me)).get();
        send(host.headers(), "PUT", SESSION, Map.of("properties", Map.of("custom", Map.of("map", "dust")))).get();

        assertEquals(host.xuid(), waiting.get().get(0).get("xuid"));
        assertEquals(List.of(), mpsd.taps("who", "guest"));
    }

    @Test
    void whoHasNoConnectionIsNamed(Handlesfake.World mpsd) {
        assertEquals(List.of(), party(mpsd).connections());

        Stream.of(
                        assertThrows(Handlesfake.Refused.class, () -> mpsd.drop("host", "mute", true)),
                        assertThrows(Handlesfake.Refused.class, () -> mpsd.resync("host")))
                .forEach(error -> assertTrue(error.getMessage().contains("there is no connection"), error.getMessage()));
    }

    @Test
    void timeStandsAndMovesAsTheTestSays(Handlesfake.World mpsd) {
        mpsd.clock("freeze", true, "set", "2026-01-06T10:00:00Z");

        assertEquals(Map.of("now", "2026-01-06T12:00:00+00:00", "frozen", true), mpsd.clock("advance", "2h"));
        assertEquals("2026-01-06T12:00:00+00:00", mpsd.now().get("now"));
    }

    @Test
    void aRuleActsIsCountedAndGoes(Handlesfake.World mpsd) throws Exception {
        Handlesfake.User host = party(mpsd).user("host");
        mpsd.rules("""
                rules:
                - {name: busy, when: {type: activity}, then: {refuse: throttled}}
                - {name: idle, when: {type: invite}, then: {refuse: throttled}}""");
        assertEquals(429, show(host).get());
        assertEquals("idle", mpsd.ruleCounts("fired", 0).get(0).get("name"));
        mpsd.removeRule("busy");
        assertEquals(201, show(host).get());
        mpsd.removeRules();

        assertEquals(List.of(), mpsd.ruleCounts());
    }

    @Test
    void openQuestionsAreAnsweredAsTheTestSays(Handlesfake.World mpsd) {
        assertEquals(400L, mpsd.choices("invite_to_self: 400").get("invite_to_self"));
        assertEquals(201L, mpsd.onlyChoices("realistic").get("invite_to_self"));
        assertEquals(2.6, mpsd.chosen().get("tap_interval"));
    }

    @Test
    void whatWasSentIsWaitedForToldAndForgotten(Handlesfake.World mpsd) throws Exception {
        Handlesfake.User host = party(mpsd).user("host");
        CompletableFuture<Map<String, Object>> waiting = CompletableFuture.supplyAsync(
                () -> mpsd.journal("operation", "create_handle", "count", 2, "wait", 30));
        assertEquals(201, show(host).get());
        Map<String, Object> invite = Map.of(
                "type", "invite", "version", 1, "sessionRef", REF, "invitedXuid", "3210",
                "inviteAttributes", Map.of("titleId", "1234567890"));
        assertEquals(201, send(host.headers(), "POST", "/handles", invite).get());

        assertEquals(2L, waiting.get().get("next"));
        assertTrue(mpsd.timeline("newest", 1).contains("create_handle invite"));
        assertEquals("3210", mpsd.invites().get(0).get("invitedXuid"));
        assertEquals(1, mpsd.activities().size());
        mpsd.settle("seconds", 0.01);
        mpsd.claim("sent", "operation", "create_handle", "fields", Map.of("type", "invite"), "times", 1);
        mpsd.forget();
        assertEquals(List.of(), mpsd.sent());
    }

    @Test
    void whatWasLeftUnsaidIsTold(Handlesfake.World mpsd) throws Exception {
        assertEquals(201, show(mpsd.user("host")).get());

        assertTrue(mpsd.assumptions().stream().anyMatch(one -> "session".equals(one.get("question"))));
        assertEquals(List.of(), mpsd.unanswered());
        mpsd.wanted();
    }

    @Test
    void theStateIsReadReplacedAndReset(Handlesfake.World mpsd) {
        Map<String, Object> state = party(mpsd).state();
        mpsd.replace("users: [far]");
        assertEquals(1, ((List<?>) mpsd.overview().get("users")).size());
        mpsd.replace(Json.write(state));
        assertEquals(1L, mpsd.about().get("sessions"));
        mpsd.reset();
        assertEquals(0L, mpsd.about().get("sessions"));
        assertEquals("3.1.0", mpsd.description().get("openapi"));
    }

    /** Tests that share a world, since their class has taken it. */
    @Nested
    class Sharing {
        private static Handlesfake.World shared;

        @BeforeAll
        static void begin(Handlesfake.World mpsd) {
            shared = mpsd;
        }

        @Test
        void theWorldOfTheClassIsThatOfItsTests(Handlesfake.World mpsd) {
            assertSame(shared, mpsd);
        }
    }

    @Test
    void jsonIsReadAsItWasWritten() {
        Object said = List.of(Map.of("a\"\\\n\u0001ü", List.of()), -1L, 2.5, true, false, Map.of(), "\ud83d\ude00");

        assertEquals(said, Json.read(Json.write(said)));
        assertEquals(1e300, Json.read(" 1e300 "));
        Stream.of("", "[1", "{\"a\" 1}", "\"a", "tru", "1 2", "[1,]")
                .forEach(text -> assertThrows(RuntimeException.class, () -> Json.read(text), text));
    }
}
