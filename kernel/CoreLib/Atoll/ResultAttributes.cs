using System;

namespace Atoll;

/// <summary>What a caller gets is an answer: it must be looked at (ATL0801), wholly (ATL0803) and first (ATL0802).</summary>
/// <remarks>
/// On a type, every value of it; on a method or property, what that member returns. Overrides and implementations
/// inherit it.
/// </remarks>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Struct | AttributeTargets.Method | AttributeTargets.Property)]
public sealed class MustUseAttribute : Attribute;
