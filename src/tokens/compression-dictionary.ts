/** Text that most flow states share; it keeps challenges short enough for every proxy. Part of the seal format: never edited. */
export const compressionDictionary = Buffer.from(
  [
    '{"error":"access_denied","errorDescription":"The resource owner denied the request","errorHint":"","errorDebug":"","statusCode":403}',
    '[["openid","offline_access","offline","profile","email"],[],{},{"email":"","email_verified":true,"name":""},1,3600,17',
    '","authorization_code","refresh_token","sub":"","roles":["admin","user"],"tenant":"","given_name":"","family_name":"',
    '",17,1,3600,0,"0",["pwd"],"","",null],"',
    '&redirect_uri=https%3A%2F%2F127.0.0.1%3A5555%2Fcallback&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fapi%2Fauth%2Fcallback&response_mode=form_post&prompt=none&max_age=3600&ui_locales=en&login_hint=&acr_values=&audience=https%3A%2F%2Fapi.',
    '",0,"client_id=&code_challenge=&code_challenge_method=S256&nonce=&redirect_uri=https%3A%2F%2F&response_type=code&scope=openid+offline_access+profile+email&scope=openid%20offline_access%20profile%20email&state=',
  ].join(''),
)
