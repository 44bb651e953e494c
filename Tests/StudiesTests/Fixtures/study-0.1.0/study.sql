BEGIN TRANSACTION;
CREATE TABLE annotation_audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  detail TEXT NOT NULL, hash_prev BLOB NOT NULL, hash BLOB NOT NULL);
INSERT INTO "annotation_audit" VALUES(1,1796026064644,'program','study','{"name":"S","settings":"{\"allowsTies\":false,\"batchSize\":24,\"blockSeconds\":300,\"breakSeconds\":60,\"gate\":\"advisory\",\"goldenShare\":0.03,\"graceSeconds\":10,\"leaseSeconds\":90,\"leastShrinkage\":0,\"repeatShare\":0.05,\"seed\":1,\"targetComparisons\":4000,\"targetMedianWidth\":0,\"trainingPairs\":3}"}',X'0000000000000000000000000000000000000000000000000000000000000000',X'22C2A1A8EED7965B0A6CB56DDB5EEAFE2EE5AF22EB681786B01F994F1E5AB25A');
INSERT INTO "annotation_audit" VALUES(2,1796026064649,'program','settings','{"settings":"{\"allowsTies\":false,\"batchSize\":24,\"blockSeconds\":300,\"breakSeconds\":60,\"gate\":\"off\",\"goldenShare\":0,\"graceSeconds\":10,\"leaseSeconds\":90,\"leastShrinkage\":0,\"repeatShare\":0,\"seed\":1,\"targetComparisons\":4000,\"targetMedianWidth\":0,\"trainingPairs\":0}"}',X'22C2A1A8EED7965B0A6CB56DDB5EEAFE2EE5AF22EB681786B01F994F1E5AB25A',X'C1E76724617031E3CE0C64CE61F9FEFAADCBAB2ED9CF0EDF225361CAF5312639');
INSERT INTO "annotation_audit" VALUES(3,1796026064658,'program','import','{"added":"4","known":"0","refused":"0"}',X'C1E76724617031E3CE0C64CE61F9FEFAADCBAB2ED9CF0EDF225361CAF5312639',X'05026ABFDD8413D8EBC3216FF1517C6DC90AEC7277DF13784F29A83DC1D4C3A6');
INSERT INTO "annotation_audit" VALUES(4,1796026064975,'program','invite','{"observer":"owner","role":"owner"}',X'05026ABFDD8413D8EBC3216FF1517C6DC90AEC7277DF13784F29A83DC1D4C3A6',X'8D1778759AD4E331DE1C8293C81575817782AD62C77958B62E2AA0C9700F3DFB');
INSERT INTO "annotation_audit" VALUES(5,1796026064998,'owner','enter','{"by":"invitation"}',X'8D1778759AD4E331DE1C8293C81575817782AD62C77958B62E2AA0C9700F3DFB',X'51B2E98A8E58563FA0444867EF07B727D27F8268EA6FB6097D00C22A7363ACBC');
INSERT INTO "annotation_audit" VALUES(6,1796026065004,'owner','invite','{"observer":"O-1","role":"observer"}',X'51B2E98A8E58563FA0444867EF07B727D27F8268EA6FB6097D00C22A7363ACBC',X'48BDB5953B3989B0B1D879520E8D1FF911D8157FF0F2ACE3E36F2B68CF87A20C');
INSERT INTO "annotation_audit" VALUES(7,1796026065007,'owner','invite','{"observer":"O-2","role":"observer"}',X'48BDB5953B3989B0B1D879520E8D1FF911D8157FF0F2ACE3E36F2B68CF87A20C',X'93D5321EDE3D7D999184B0C7ADCC15AA13184CEC758745189C73FE6CCEE005AB');
INSERT INTO "annotation_audit" VALUES(8,1796026065008,'O-1','enter','{"by":"invitation"}',X'93D5321EDE3D7D999184B0C7ADCC15AA13184CEC758745189C73FE6CCEE005AB',X'2242AA82533CA10765356C2F584239784507CF8E38A7AC3F8B9C4CFA65B41DBD');
INSERT INTO "annotation_audit" VALUES(9,1796026065010,'O-1','consent','{"version":"2026-11"}',X'2242AA82533CA10765356C2F584239784507CF8E38A7AC3F8B9C4CFA65B41DBD',X'BC9FC6F54F23E228EAA09939B7ACF9871D20720E76122BB265D38EF0082737D9');
INSERT INTO "annotation_audit" VALUES(10,1796026065012,'O-1','session','{"session":"_s2bIFbqaELx0sUypYVBAg","task":"1"}',X'BC9FC6F54F23E228EAA09939B7ACF9871D20720E76122BB265D38EF0082737D9',X'B9A1C7E552CF56AE43918D3BCAE75572BA349E800EAA330E8D180D261AE4607C');
INSERT INTO "annotation_audit" VALUES(11,1796026065020,'O-1','vote','{"seal":"EuJFzZtSDP1aoJg9ChW87w 2 1 1 4 1 active left 1796026065020","vote":"1"}',X'B9A1C7E552CF56AE43918D3BCAE75572BA349E800EAA330E8D180D261AE4607C',X'2609075E33A795E59DBDBED93DC0EAA8B332292B08DF320E644063A6938CB2CF');
INSERT INTO "annotation_audit" VALUES(12,1796026065024,'O-1','vote','{"seal":"HBf-TOjl34xpcuMM_8j1sw 2 1 2 3 1 active left 1796026065024","vote":"2"}',X'2609075E33A795E59DBDBED93DC0EAA8B332292B08DF320E644063A6938CB2CF',X'1B7E460AC8B9181E1F769A9C4DD58A4DBA0A55C0E36750180D3463F47266AB83');
INSERT INTO "annotation_audit" VALUES(13,1796026065028,'O-1','vote','{"seal":"B7Jtx8I44xaHSNJuXdAgkQ 2 1 1 2 0 active left 1796026065028","vote":"3"}',X'1B7E460AC8B9181E1F769A9C4DD58A4DBA0A55C0E36750180D3463F47266AB83',X'EC7EE46F259516E8BB28015AB876340B7D753ADDDEBDF29CDAB7D6FF0DBA4ABF');
INSERT INTO "annotation_audit" VALUES(14,1796026065032,'O-1','vote','{"seal":"ApV1rp3dMKouzXCC13hrPw 2 1 2 4 0 active left 1796026065032","vote":"4"}',X'EC7EE46F259516E8BB28015AB876340B7D753ADDDEBDF29CDAB7D6FF0DBA4ABF',X'3FCD7160DED639F03AEC1FFCAE46FCF284BE0CFF1688849673631A9626D24289');
INSERT INTO "annotation_audit" VALUES(15,1796026065036,'O-1','vote','{"seal":"60_N2gVvv4pFDNN1fkv6_g 2 1 3 4 1 active left 1796026065036","vote":"5"}',X'3FCD7160DED639F03AEC1FFCAE46FCF284BE0CFF1688849673631A9626D24289',X'CB25195B6D9D0D2D47A32E9CF6C15C552368E3CEF04217A58AE64AF46AEBF6C0');
INSERT INTO "annotation_audit" VALUES(16,1796026065038,'O-2','enter','{"by":"invitation"}',X'CB25195B6D9D0D2D47A32E9CF6C15C552368E3CEF04217A58AE64AF46AEBF6C0',X'5C42017076F2C2B432AB051663368D6B4DAD3C542E8CA3BDE8AE060D890F8D46');
INSERT INTO "annotation_audit" VALUES(17,1796026065040,'O-2','consent','{"version":"2026-11"}',X'5C42017076F2C2B432AB051663368D6B4DAD3C542E8CA3BDE8AE060D890F8D46',X'E0AF8507322FF5C27255D6CB3DA315C7C1D9C8475C206C58B1ED671C1FB01F4E');
INSERT INTO "annotation_audit" VALUES(18,1796026065041,'O-2','session','{"session":"QJ710HbJtLeZCQUeCPbEPg","task":"1"}',X'E0AF8507322FF5C27255D6CB3DA315C7C1D9C8475C206C58B1ED671C1FB01F4E',X'C1A6089CC4140E960934228EBBE577410A1174D2F6EEE62970AA42558D0031B7');
INSERT INTO "annotation_audit" VALUES(19,1796026065046,'O-2','vote','{"seal":"AeiYmERLaNbIFJPi_zHtsw 3 1 2 3 0 active left 1796026065046","vote":"6"}',X'C1A6089CC4140E960934228EBBE577410A1174D2F6EEE62970AA42558D0031B7',X'E0D514D66F3051BDC3D1D8AC799E0341D3201C8F542E2C052023404D11314BAA');
INSERT INTO "annotation_audit" VALUES(20,1796026065049,'O-2','vote','{"seal":"s6iQyR5g5T0cKThBk3FKQQ 3 1 3 4 0 active left 1796026065049","vote":"7"}',X'E0D514D66F3051BDC3D1D8AC799E0341D3201C8F542E2C052023404D11314BAA',X'07B4FB6649A00E210F9801652AF22A46311E7DC8AB8A515980B3D7BD61A41D45');
INSERT INTO "annotation_audit" VALUES(21,1796026065053,'O-2','vote','{"seal":"EctgvEXNu2vbSASrmf8vrQ 3 1 1 2 1 active left 1796026065053","vote":"8"}',X'07B4FB6649A00E210F9801652AF22A46311E7DC8AB8A515980B3D7BD61A41D45',X'AB1D3A09969B02002597D86E28557D5433655CFF556AF47AECFC36D9C5967B94');
INSERT INTO "annotation_audit" VALUES(22,1796026065056,'O-2','vote','{"seal":"XUz4zN9jYQ7Zb_2RcbSfkg 3 1 1 4 0 active left 1796026065056","vote":"9"}',X'AB1D3A09969B02002597D86E28557D5433655CFF556AF47AECFC36D9C5967B94',X'54396D39230B7F3095B42669BF14DB84E703B04A9E71978282895D05318D319A');
INSERT INTO "annotation_audit" VALUES(23,1796026065061,'O-2','vote','{"seal":"SaAcLwoumjhjA2cdYJXDNQ 3 1 2 4 1 active left 1796026065061","vote":"10"}',X'54396D39230B7F3095B42669BF14DB84E703B04A9E71978282895D05318D319A',X'D6B5ED9B32ACE6B6550D318C832A848CE36A59FD3D0EFDD567EA986ADA2C39EE');
INSERT INTO "annotation_audit" VALUES(24,1796026065062,'O-2','void','{"reason":"undo","vote":"10"}',X'D6B5ED9B32ACE6B6550D318C832A848CE36A59FD3D0EFDD567EA986ADA2C39EE',X'733807E355706374396CF5144B23921CB988C3936CDAD2ED168B07DE4DE23EBA');
INSERT INTO "annotation_audit" VALUES(25,1796026066067,'owner','withdraw-person','{"person":"P0","photos":"1"}',X'733807E355706374396CF5144B23921CB988C3936CDAD2ED168B07DE4DE23EBA',X'D467A2E44BF73479152D6E4B521C4F9C38B235DCF36387E86CA37B256DC997DE');
CREATE TABLE annotation_cookie (
  token_hash BLOB PRIMARY KEY, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
  csrf TEXT NOT NULL, expires INTEGER NOT NULL, revoked_at INTEGER) WITHOUT ROWID;
INSERT INTO "annotation_cookie" VALUES(X'6908AF4BEDE9368ED87F84E9BC9D9972E3CBC01C6243BEB546AA4952F749951C',1,'TPLfNGIupbzkp4WDpYzwzg',1798618064998,NULL);
INSERT INTO "annotation_cookie" VALUES(X'927C5C2944AB317AFE7C602580E17B81CDAAFA98A0C5A62F455278E12DD93063',2,'tWspMtFAXaEzlLLUA52WBw',1798618065008,NULL);
INSERT INTO "annotation_cookie" VALUES(X'D2EFA66BD805DA366C72FD42524060EFDA7275886AC96F796849B675CC51151A',3,'89I19_2sbx9W4jM_9HkJuA',1798618065038,NULL);
CREATE TABLE annotation_golden (
  task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
  high INTEGER NOT NULL, better INTEGER NOT NULL, PRIMARY KEY (task, low, high)) WITHOUT ROWID;
INSERT INTO "annotation_golden" VALUES(1,2,3,2);
CREATE TABLE annotation_image (
  id INTEGER PRIMARY KEY, scene TEXT NOT NULL, photo TEXT NOT NULL, device TEXT, person TEXT
  REFERENCES annotation_person(id), condition TEXT, state TEXT NOT NULL DEFAULT 'active',
  UNIQUE (scene, photo));
INSERT INTO "annotation_image" VALUES(1,'Garden','portrait-0.png',NULL,'P0','Indoor','withdrawn');
INSERT INTO "annotation_image" VALUES(2,'Garden','portrait-1.png','Phone 1','P1','Indoor','active');
INSERT INTO "annotation_image" VALUES(3,'Garden','portrait-2.png','Phone 2','P2','Indoor','active');
INSERT INTO "annotation_image" VALUES(4,'Garden','portrait-3.png','Phone 3','P3','Indoor','active');
CREATE TABLE annotation_invite (
  token_hash BLOB PRIMARY KEY, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
  expires INTEGER NOT NULL, used_at INTEGER) WITHOUT ROWID;
INSERT INTO "annotation_invite" VALUES(X'E5281AF244E3264405C485DF5DB38CEE83600CBF95690CFB0A04AC77C13E96DE',1,1797235664975,1796026064998);
INSERT INTO "annotation_invite" VALUES(X'EC35718252698389D6B367805D4A1CC694D8942AD31895A10D0F7BFF7A31F369',2,1797235665004,1796026065008);
INSERT INTO "annotation_invite" VALUES(X'FD2C252C841609A66065698DF36747E8077B9F4C34B89BD94901255BD5D7ED29',3,1797235665007,1796026065038);
CREATE TABLE annotation_lease (
  id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
  task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
  high INTEGER NOT NULL, left_is_low INTEGER NOT NULL, kind TEXT NOT NULL,
  session TEXT NOT NULL REFERENCES annotation_session(id), observer INTEGER NOT NULL,
  position INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL,
  CHECK (low < high), CHECK (kind IN ('active', 'repeat', 'golden', 'training')),
  CHECK (state IN ('open', 'voted', 'released', 'expired')));
INSERT INTO "annotation_lease" VALUES('EuJFzZtSDP1aoJg9ChW87w',1,1,1,4,1,'active','_s2bIFbqaELx0sUypYVBAg',2,1,1796026155015,'voted');
INSERT INTO "annotation_lease" VALUES('HBf-TOjl34xpcuMM_8j1sw',2,1,2,3,1,'active','_s2bIFbqaELx0sUypYVBAg',2,2,1796026155022,'voted');
INSERT INTO "annotation_lease" VALUES('B7Jtx8I44xaHSNJuXdAgkQ',3,1,1,2,0,'active','_s2bIFbqaELx0sUypYVBAg',2,3,1796026155026,'voted');
INSERT INTO "annotation_lease" VALUES('ApV1rp3dMKouzXCC13hrPw',4,1,2,4,0,'active','_s2bIFbqaELx0sUypYVBAg',2,4,1796026155030,'voted');
INSERT INTO "annotation_lease" VALUES('60_N2gVvv4pFDNN1fkv6_g',5,1,3,4,1,'active','_s2bIFbqaELx0sUypYVBAg',2,5,1796026155034,'voted');
INSERT INTO "annotation_lease" VALUES('qbj2VuID1-twfeSsbnqUAA',6,1,1,3,0,'active','_s2bIFbqaELx0sUypYVBAg',2,6,1796026155034,'expired');
INSERT INTO "annotation_lease" VALUES('AeiYmERLaNbIFJPi_zHtsw',7,1,2,3,0,'active','QJ710HbJtLeZCQUeCPbEPg',3,7,1796026155043,'voted');
INSERT INTO "annotation_lease" VALUES('s6iQyR5g5T0cKThBk3FKQQ',8,1,3,4,0,'active','QJ710HbJtLeZCQUeCPbEPg',3,8,1796026155047,'voted');
INSERT INTO "annotation_lease" VALUES('EctgvEXNu2vbSASrmf8vrQ',9,1,1,2,1,'active','QJ710HbJtLeZCQUeCPbEPg',3,9,1796026155051,'voted');
INSERT INTO "annotation_lease" VALUES('XUz4zN9jYQ7Zb_2RcbSfkg',10,1,1,4,0,'active','QJ710HbJtLeZCQUeCPbEPg',3,10,1796026155054,'voted');
INSERT INTO "annotation_lease" VALUES('SaAcLwoumjhjA2cdYJXDNQ',11,1,2,4,1,'active','QJ710HbJtLeZCQUeCPbEPg',3,11,1796026155058,'voted');
INSERT INTO "annotation_lease" VALUES('armDISb8roO4QtHPjPgtuA',12,1,2,4,1,'active','QJ710HbJtLeZCQUeCPbEPg',3,12,1796026155063,'open');
CREATE TABLE annotation_observer (
  id INTEGER PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
  consent_at INTEGER, consent_version TEXT, withdrawn_at INTEGER);
INSERT INTO "annotation_observer" VALUES(1,'owner','owner',NULL,NULL,NULL);
INSERT INTO "annotation_observer" VALUES(2,'O-1','observer',1796026065010,'2026-11',NULL);
INSERT INTO "annotation_observer" VALUES(3,'O-2','observer',1796026065040,'2026-11',NULL);
CREATE TABLE annotation_pair_queue (
  task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
  high INTEGER NOT NULL, batch INTEGER NOT NULL, rank INTEGER NOT NULL,
  PRIMARY KEY (task, low, high)) WITHOUT ROWID;
INSERT INTO "annotation_pair_queue" VALUES(1,2,3,22,1);
INSERT INTO "annotation_pair_queue" VALUES(1,3,4,22,2);
CREATE TABLE annotation_password (
  observer INTEGER PRIMARY KEY REFERENCES annotation_observer(id), salt BLOB NOT NULL,
  hash BLOB NOT NULL, rounds INTEGER NOT NULL);
CREATE TABLE annotation_person (id TEXT PRIMARY KEY, withdrawn_at INTEGER);
INSERT INTO "annotation_person" VALUES('P0',1796026066066);
INSERT INTO "annotation_person" VALUES('P1',NULL);
INSERT INTO "annotation_person" VALUES('P2',NULL);
INSERT INTO "annotation_person" VALUES('P3',NULL);
CREATE TABLE annotation_progress (
  task INTEGER NOT NULL REFERENCES annotation_task(id), votes INTEGER NOT NULL,
  median_width REAL NOT NULL, PRIMARY KEY (task, votes)) WITHOUT ROWID;
INSERT INTO "annotation_progress" VALUES(1,1,1.4389024381618803261e+01);
INSERT INTO "annotation_progress" VALUES(1,5,2.96759024553551);
CREATE TABLE annotation_removal (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE annotation_roi (
  image INTEGER NOT NULL REFERENCES annotation_image(id), attribute TEXT NOT NULL,
  sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  bytes INTEGER NOT NULL, type TEXT NOT NULL, PRIMARY KEY (image, attribute)) WITHOUT ROWID;
INSERT INTO "annotation_roi" VALUES(1,'details','5120367a15560dcb913d3aeac4b34231c03c5d9c1bd4ee167273e0f4b555b13e',6,6,74,'image/png');
INSERT INTO "annotation_roi" VALUES(2,'details','d67fdad8a71bbb893fda3c61cc01bbbc2a570c267356432292ad73255271860a',6,6,74,'image/png');
INSERT INTO "annotation_roi" VALUES(3,'details','a87920d1d840b7a8007c54f6ea64d558bcff1010ea465bdd5e5af7989a814d2f',6,6,74,'image/png');
INSERT INTO "annotation_roi" VALUES(4,'details','616c5944b5a203941d273261b7442ef44b27442e344b72b9be512301d3e9d1b3',6,6,74,'image/png');
CREATE TABLE annotation_score (
  task INTEGER NOT NULL REFERENCES annotation_task(id), image INTEGER NOT NULL,
  mu REAL NOT NULL, sigma REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  comparisons INTEGER NOT NULL, through_vote INTEGER NOT NULL,
  PRIMARY KEY (task, image)) WITHOUT ROWID;
INSERT INTO "annotation_score" VALUES(1,2,-4.78039290273227557293e-01,7.57052238955280065724e-01,-1.96183441304098726831e+00,1.00575583249453215373e+00,3,10);
INSERT INTO "annotation_score" VALUES(1,3,-1.02919626686842330019e-17,6.1517136061286847859e-01,-1.20571371112172398554e+00,1.20571371112172398554e+00,4,10);
INSERT INTO "annotation_score" VALUES(1,4,4.78039290273227557293e-01,7.57052238955277734255e-01,-1.00575583249452749079e+00,1.96183441304098260538e+00,3,10);
CREATE TABLE annotation_session (
  id TEXT PRIMARY KEY, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
  task INTEGER NOT NULL REFERENCES annotation_task(id), state TEXT NOT NULL,
  calibration TEXT, calibrated_at INTEGER, trained_at INTEGER, started INTEGER NOT NULL,
  deadline INTEGER, remaining INTEGER NOT NULL, ended INTEGER, cookie BLOB);
INSERT INTO "annotation_session" VALUES('_s2bIFbqaELx0sUypYVBAg',2,1,'open',NULL,NULL,1796026065014,1796026065012,1796026365014,300000,NULL,X'927C5C2944AB317AFE7C602580E17B81CDAAFA98A0C5A62F455278E12DD93063');
INSERT INTO "annotation_session" VALUES('QJ710HbJtLeZCQUeCPbEPg',3,1,'open',NULL,NULL,1796026065042,1796026065041,1796026365042,300000,NULL,X'D2EFA66BD805DA366C72FD42524060EFDA7275886AC96F796849B675CC51151A');
CREATE TABLE annotation_station (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE,
  facts TEXT NOT NULL, retired_at INTEGER);
CREATE TABLE annotation_study (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, settings TEXT NOT NULL, created INTEGER NOT NULL);
INSERT INTO "annotation_study" VALUES('-iqTzdiR_2w','S','{"allowsTies":false,"batchSize":24,"blockSeconds":300,"breakSeconds":60,"gate":"off","goldenShare":0,"graceSeconds":10,"leaseSeconds":90,"leastShrinkage":0,"repeatShare":0,"seed":1,"targetComparisons":4000,"targetMedianWidth":0,"trainingPairs":0}',1796026064644);
CREATE TABLE annotation_task (
  id INTEGER PRIMARY KEY, study TEXT NOT NULL REFERENCES annotation_study(id), scene TEXT,
  name TEXT NOT NULL, attribute TEXT NOT NULL, policy TEXT NOT NULL DEFAULT '{}',
  state TEXT NOT NULL DEFAULT 'open', UNIQUE (name, attribute));
INSERT INTO "annotation_task" VALUES(1,'-iqTzdiR_2w','Garden','Garden','details','{"batch":22}','open');
CREATE TABLE annotation_task_image (
  task INTEGER NOT NULL REFERENCES annotation_task(id), image INTEGER NOT NULL
  REFERENCES annotation_image(id), shown_left INTEGER NOT NULL DEFAULT 0,
  shown_right INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (task, image)) WITHOUT ROWID;
INSERT INTO "annotation_task_image" VALUES(1,1,2,3);
INSERT INTO "annotation_task_image" VALUES(1,2,4,3);
INSERT INTO "annotation_task_image" VALUES(1,3,3,2);
INSERT INTO "annotation_task_image" VALUES(1,4,3,4);
CREATE TABLE annotation_vote (
  id INTEGER PRIMARY KEY, lease TEXT NOT NULL UNIQUE REFERENCES annotation_lease(id),
  client_key TEXT NOT NULL UNIQUE, choice TEXT NOT NULL, response_ms INTEGER,
  view TEXT, at INTEGER NOT NULL, CHECK (choice IN ('left', 'right', 'tie')));
INSERT INTO "annotation_vote" VALUES(1,'EuJFzZtSDP1aoJg9ChW87w','9b8038f71a2f4ba49200eac42367334f','left',900,'{"pans":2,"scale":1,"zooms":0,"toggles":1}',1796026065020);
INSERT INTO "annotation_vote" VALUES(2,'HBf-TOjl34xpcuMM_8j1sw','8f38f4b603464b3eaf4dd4206cf84a95','left',900,'{"scale":1,"toggles":1,"zooms":0,"pans":2}',1796026065024);
INSERT INTO "annotation_vote" VALUES(3,'B7Jtx8I44xaHSNJuXdAgkQ','1c17e452223e427fba2e120f3e4f615c','left',900,'{"scale":1,"toggles":1,"zooms":0,"pans":2}',1796026065028);
INSERT INTO "annotation_vote" VALUES(4,'ApV1rp3dMKouzXCC13hrPw','5f9c1848be17452dbb576d23f4dbcccd','left',900,'{"pans":2,"scale":1,"zooms":0,"toggles":1}',1796026065032);
INSERT INTO "annotation_vote" VALUES(5,'60_N2gVvv4pFDNN1fkv6_g','d15bf34a63854e52958bcc40022a48f9','left',900,'{"scale":1,"toggles":1,"zooms":0,"pans":2}',1796026065036);
INSERT INTO "annotation_vote" VALUES(6,'AeiYmERLaNbIFJPi_zHtsw','14ae104afab74322b81d02e778fd91f9','left',900,'{"pans":2,"scale":1,"zooms":0,"toggles":1}',1796026065046);
INSERT INTO "annotation_vote" VALUES(7,'s6iQyR5g5T0cKThBk3FKQQ','7fb4bb02f04043958ef7d6b40fcf1459','left',900,'{"pans":2,"scale":1,"zooms":0,"toggles":1}',1796026065049);
INSERT INTO "annotation_vote" VALUES(8,'EctgvEXNu2vbSASrmf8vrQ','2db84f77811541b69346b1bb431b415b','left',900,'{"scale":1,"toggles":1,"zooms":0,"pans":2}',1796026065053);
INSERT INTO "annotation_vote" VALUES(9,'XUz4zN9jYQ7Zb_2RcbSfkg','f2a90f5cc1d347f58b2da5ff6ccb87d2','left',900,'{"pans":2,"scale":1,"zooms":0,"toggles":1}',1796026065056);
INSERT INTO "annotation_vote" VALUES(10,'SaAcLwoumjhjA2cdYJXDNQ','5115dce823ea4427983fa9769356c3db','left',900,'{"pans":2,"scale":1,"zooms":0,"toggles":1}',1796026065061);
CREATE TABLE annotation_vote_void (
  vote INTEGER PRIMARY KEY REFERENCES annotation_vote(id), reason TEXT NOT NULL,
  at INTEGER NOT NULL);
INSERT INTO "annotation_vote_void" VALUES(10,'undo',1796026065062);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('study-1-tables');
INSERT INTO "grdb_migrations" VALUES('annotation-1-tables');
INSERT INTO "grdb_migrations" VALUES('annotation-2-append-only');
INSERT INTO "grdb_migrations" VALUES('annotation-3-recent');
INSERT INTO "grdb_migrations" VALUES('annotation-4-stations');
CREATE TABLE study_attribute (
  name TEXT PRIMARY KEY, cut_around_face INTEGER NOT NULL,
  target_pixels INTEGER NOT NULL CHECK (target_pixels BETWEEN 1 AND 100000000),
  guidelines TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "study_attribute" VALUES('colour',0,2500000,'Choose the photo with the more pleasant and plausible colours, skin first.');
INSERT INTO "study_attribute" VALUES('details',1,4500000,'Choose the photo that keeps more of the face''s fine texture with less noise.');
INSERT INTO "study_attribute" VALUES('exposure',1,4500000,'Choose the photo whose face is better exposed: neither too dark nor too bright.');
INSERT INTO "study_attribute" VALUES('overall',0,2500000,'Choose the photo that is the better portrait as a whole.');
CREATE TABLE study_faces (
  sha256 TEXT PRIMARY KEY, detector TEXT NOT NULL, pass TEXT, faces TEXT NOT NULL)
  WITHOUT ROWID;
CREATE TABLE study_info (
  id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, created INTEGER NOT NULL);
INSERT INTO "study_info" VALUES(1,'Garden study',1796026063);
CREATE TABLE study_list (name TEXT PRIMARY KEY, shape TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE study_list_row (
  list TEXT NOT NULL REFERENCES study_list(name), position INTEGER NOT NULL,
  name TEXT NOT NULL, value TEXT NOT NULL, extra TEXT, PRIMARY KEY (list, position))
  WITHOUT ROWID;
CREATE TABLE study_photo (
  id INTEGER PRIMARY KEY, scene TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT UNIQUE,
  bytes INTEGER, format TEXT, width INTEGER, height INTEGER,
  device TEXT, brand TEXT, lens TEXT, mode TEXT, iso REAL, exposure_seconds REAL,
  condition TEXT, skin_type INTEGER CHECK (skin_type BETWEEN 1 AND 6), lighting TEXT,
  distance_metres REAL, person TEXT, consent TEXT, part TEXT,
  is_reference INTEGER NOT NULL DEFAULT 0, notes TEXT NOT NULL DEFAULT '{}',
  UNIQUE (scene, name));
INSERT INTO "study_photo" VALUES(1,'Garden','portrait-0.png','f8de0746da8c23fe204e764c51e61465c107ba410d7c8acf685b2ee9a2914494',74,'png',8,8,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'P0','given',NULL,0,'{}');
INSERT INTO "study_photo" VALUES(2,'Garden','portrait-1.png','87a5beff4209bf0cb8f64bc1810c2fd0903394f986971761e10dedf9d48473e5',74,'png',8,8,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'P1','given',NULL,0,'{}');
INSERT INTO "study_photo" VALUES(3,'Garden','portrait-2.png','e4b365fda82d70394d6065489ab76c64c64a3aff658c517b73ce6ce64685e585',74,'png',8,8,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'P2','given',NULL,0,'{}');
INSERT INTO "study_photo" VALUES(4,'Garden','portrait-3.png','b5d7203fce5c6e0ebb86d5dda197cf513527c77cebdb4db4499ca676d50a3a11',74,'png',8,8,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'P3','given',NULL,0,'{}');
CREATE TABLE study_region (
  photo INTEGER NOT NULL REFERENCES study_photo(id) ON DELETE CASCADE,
  attribute TEXT NOT NULL REFERENCES study_attribute(name), sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('rule', 'choice', 'given')),
  settings TEXT NOT NULL, record TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (photo, attribute)) WITHOUT ROWID;
CREATE TABLE study_removal (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE study_score (
  photo INTEGER NOT NULL REFERENCES study_photo(id) ON DELETE CASCADE,
  attribute TEXT NOT NULL REFERENCES study_attribute(name), position INTEGER NOT NULL,
  jod REAL NOT NULL, deviation REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  level INTEGER, cluster INTEGER, comparisons INTEGER NOT NULL, scene_index INTEGER NOT NULL,
  spelling TEXT, PRIMARY KEY (photo, attribute)) WITHOUT ROWID;
CREATE TABLE study_sheet (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE study_tombstone (
  person TEXT NOT NULL, sha256 TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL,
  PRIMARY KEY (person, sha256)) WITHOUT ROWID;
CREATE INDEX study_photo_person ON study_photo(person);
CREATE INDEX study_region_sha256 ON study_region(sha256);
CREATE INDEX study_tombstone_sha256 ON study_tombstone(sha256);
CREATE INDEX annotation_roi_sha256 ON annotation_roi(sha256);
CREATE INDEX annotation_session_observer ON annotation_session(observer, state);
CREATE UNIQUE INDEX annotation_lease_open ON annotation_lease(task, low, high)
  WHERE state = 'open' AND kind = 'active';
CREATE INDEX annotation_lease_session ON annotation_lease(session, state);
CREATE INDEX annotation_lease_observer ON annotation_lease(observer, task, low, high);
CREATE INDEX annotation_lease_pair ON annotation_lease(task, low, high, state);
CREATE TRIGGER annotation_audit_no_update
BEFORE UPDATE ON annotation_audit
BEGIN SELECT RAISE(ABORT, 'annotation_audit is append-only'); END;
CREATE TRIGGER annotation_audit_no_delete
BEFORE DELETE ON annotation_audit
BEGIN SELECT RAISE(ABORT, 'annotation_audit is append-only'); END;
CREATE TRIGGER annotation_vote_no_update
BEFORE UPDATE ON annotation_vote
BEGIN SELECT RAISE(ABORT, 'annotation_vote is append-only'); END;
CREATE TRIGGER annotation_vote_no_delete
BEFORE DELETE ON annotation_vote
BEGIN SELECT RAISE(ABORT, 'annotation_vote is append-only'); END;
CREATE TRIGGER annotation_vote_void_no_update
BEFORE UPDATE ON annotation_vote_void
BEGIN SELECT RAISE(ABORT, 'annotation_vote_void is append-only'); END;
CREATE TRIGGER annotation_vote_void_no_delete
BEFORE DELETE ON annotation_vote_void
BEGIN SELECT RAISE(ABORT, 'annotation_vote_void is append-only'); END;
CREATE INDEX annotation_lease_recent ON annotation_lease(session, number);
COMMIT;
