using System;

namespace Atoll;

/// <summary>State of the running core alone: its page is mapped privately, so the same address means another word elsewhere (ATL0604).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field)]
public sealed class PerCoreAttribute : Attribute;

/// <summary>A static that assembly code or the boot writes before C# runs. C# only reads it, and through a reference (ATL0606).</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class BootWrittenAttribute : Attribute;

/// <summary>Memory that another core reads or writes meanwhile: each access is a load or a store of its own (ATL0607).</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class SharedAttribute : Attribute;

/// <summary>Device registers: never touched as memory (ATL0704).</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class MmioAttribute : Attribute;
