-- Makes a database equal to another one that nobody is connected to.
create database {database} template {template}
