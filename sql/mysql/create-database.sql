-- For the administrator of the MySQL or MariaDB server, once: mysql < create-database.sql
-- Choose another password, and put it into Database:ConnectionString. '%' is any machine: name the server's where you can.

CREATE DATABASE IF NOT EXISTS sampleim CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'im'@'%' IDENTIFIED BY 'choose-another-password';
GRANT ALL PRIVILEGES ON sampleim.* TO 'im'@'%';
