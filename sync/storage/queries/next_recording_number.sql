SELECT nextval('recording_number')
