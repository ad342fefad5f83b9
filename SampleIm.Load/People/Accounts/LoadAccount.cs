namespace SampleIm.Load.People.Accounts;

/// <summary>A user who was made for load.</summary>
/// <param name="Username">Its name.</param>
/// <param name="Cookie">What stands in the header <c>Cookie</c> of its requests.</param>
public sealed record LoadAccount(string Username, string Cookie);
