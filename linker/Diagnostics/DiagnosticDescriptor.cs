namespace Atoll.Linker.Diagnostics;

/// <summary>A kind of finding.</summary>
/// <param name="Id">ATL9nnn: stable, never used again for something else.</param>
/// <param name="Title">What the kind is called.</param>
/// <param name="WhatToDo">What the programmer does about it; the end of every message of the kind.</param>
public sealed record DiagnosticDescriptor(string Id, string Title, string WhatToDo);
