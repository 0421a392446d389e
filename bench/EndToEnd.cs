#:project Brickwork.EndToEnd/Brickwork.EndToEnd.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Tokens per second of brick and of llama.cpp on model files, in turn (A B A B …), as tables under bench/results/.
// bench/README.md says what is needed; the code is in bench/Brickwork.EndToEnd.
return Brickwork.EndToEnd.EndToEndRun.Run(args);
