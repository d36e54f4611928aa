namespace Atoll.Cli.Workspace;

/// <summary>Something that the person at the keyboard can mend. The message is all that they get to see.</summary>
public sealed class UserException(string message) : Exception(message);
