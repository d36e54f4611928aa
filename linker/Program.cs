using Atoll.Linker;

return CommandLine.Run(args);
