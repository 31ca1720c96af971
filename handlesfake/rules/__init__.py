"""The YAML vocabulary of rules, its loader with line numbers, and the stage that applies them.

::

    story: A busy evening.                    # for readers
    rules:                                    # the first that fits a request decides, alone
      - include: ready/throttled_burst        # the rules of another file, at this place
      - name: busy
        when:                                 # what is not said may be anything
          operation: create_handle            # a list is one of several, wherever one value stands
          type: [invite, activity]
          caller: host                        # a role or a xuid; invitee: the same
          session: {like: "lobby-*"}          # or {matches: regex}, {one_of: [...]}, {equals: ...},
                                              # {at_least: 1, at_most: 5}, {absent: true}
          method: POST                        # path, query, headers: {If-Match: {absent: false}}
          inviteAttributes.titleId: "1234567890"   # a field of the body, in wire spelling
          fields: {anything.else: 1}          # one that MPSD does not know
          state: {outage: begun}              # a scenario, and its state; each begins in the state start
          nth: 3..5                           # of the times that all the rest is so; 3, or 3.. without end
        then:                                 # one of the five, or a delay or a state alone
          refuse: throttled                   # by name; retry_after: 5 beside it
          # respond: {status: 500, headers: {X-A: b}, body: {sorry: true}}
          # lose_answer: close                # or reset, timeout: the service has acted, the caller never hears
          # fault: reset                      # every name of handlesfake.exchange.faults
          # change: {status: 200, set: {results.*.id: x}, add: {a: 1}, remove: [b], headers: {set: {}, remove: []}}
          at: after                           # the service has acted; before: it never does
          delay: 3                            # seconds, of the double's clock
          state: {outage: over}               # the scenario's new state
        times: 2                              # how often it acts at most
        probability: 0.5                      # by chance, the same chance on every run; seed: 7 for another
"""
