using System;

namespace Atoll.Arch;

/// <summary>What a failed check is on the host, where a trap would end the test run.</summary>
public sealed class CheckFailedException : Exception
{
    /// <summary>Makes the exception; the stack trace says which check it was.</summary>
    public CheckFailedException()
        : base("a kernel check failed")
    {
    }
}
