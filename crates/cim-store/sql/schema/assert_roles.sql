-- Makes the roles of the server and gives them what they need; false where the database does not let us.
select cim.assert_roles() as has_roles
