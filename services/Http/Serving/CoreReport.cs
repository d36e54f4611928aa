using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.Http;

/// <summary>What the agent of another core has told of its instance and the programs there.</summary>
internal struct CoreReport
{
    /// <summary>How the instance is. Its uptime is that of the machine when this was asked.</summary>
    internal InstanceFacts Facts;

    /// <summary>Programs that the core has.</summary>
    internal uint Programs;

    /// <summary>These programs.</summary>
    internal ProgramPlaces Places;
}

/// <summary>A program of another core.</summary>
internal struct ProgramReport
{
    /// <summary>Its name.</summary>
    internal ProgramName Name;

    /// <summary>The rest.</summary>
    internal ProgramFacts Facts;
}

/// <summary>As many programs as a system can have.</summary>
[InlineArray((int)SystemHeader.ProgramsMax)]
internal struct ProgramPlaces
{
    private ProgramReport _program0;
}
