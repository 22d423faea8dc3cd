-- The closing that is under way is found however many other requests there are.
CREATE INDEX requests_of_right ON requests (person_id, exercised, state, request_id);
