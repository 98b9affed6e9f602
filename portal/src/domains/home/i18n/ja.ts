export const ja = {
  signInTitle: 'サインイン',
  signInLead: 'デモ用の利用者を選んでください。サンドボックス環境の間だけ使えます。',
  signInNone: 'サインインの方法が設定されていません',
  signInNoneText: 'この環境は本物の AWS に接続しています。管理者にお問い合わせください。',
  signInAs: (name: string) => `${name} としてサインイン`,
  homeTitle: 'ホーム',
}
