using Atoll.Linker;

return CommandLine.Run(args, Console.Out, Console.Error);
